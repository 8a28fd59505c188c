import Core
import Synchronization

/// Counts requests by policy and caller, in token buckets that refill evenly over the policy's window.
///
/// In memory: another instance of the service counts for itself, and a restart forgets. Tokens come back in whole
/// seconds, so that a burst that fits into one gets exactly its quota.
final class RateLimiter: Sendable {
    struct Caller: Hashable {
        let policy: String
        let name: String
    }

    /// What a request may know about its bucket.
    struct Grant: Sendable {
        let quota: Quota
        let isAllowed: Bool
        let remaining: Int
        /// Until at least one more token is there.
        let secondsToNext: Int

        var field: String { quota.field(remaining: remaining, secondsToNext: secondsToNext) }
    }

    private struct Bucket {
        var tokens: Int
        var refilledAt: Instant
    }

    /// Two generations: a caller that comes again moves to the younger one, and when that is half the maximum the elder
    /// is dropped. So the number is bounded, and who is active is not forgotten.
    private struct Buckets {
        var younger: [Caller: Bucket] = [:]
        var elder: [Caller: Bucket] = [:]
    }

    private let buckets = Mutex(Buckets())
    private let generationSize: Int
    private let clock: any WallClock

    init(maximumBuckets: Int, clock: any WallClock) {
        generationSize = max(1, maximumBuckets / 2)
        self.clock = clock
    }

    func take(_ quota: Quota, caller: String) -> Grant {
        change(quota, caller: caller) { tokens in
            guard tokens > 0 else { return false }
            tokens -= 1
            return true
        }
    }

    /// For a request that turned out to cost nothing.
    func giveBack(_ quota: Quota, caller: String) -> Grant {
        change(quota, caller: caller) { tokens in
            tokens = min(quota.limit.quota, tokens + 1)
            return true
        }
    }

    var count: Int {
        buckets.withLock { $0.younger.count + $0.elder.count }
    }

    private func change(_ quota: Quota, caller: String, _ body: (inout Int) -> Bool) -> Grant {
        let policy = quota.limit
        let key = Caller(policy: policy.name, name: caller)
        let now = clock.now()
        return buckets.withLock { buckets in
            var bucket = buckets.younger[key] ?? buckets.elder[key] ?? Bucket(tokens: policy.quota, refilledAt: now)
            refill(&bucket, policy, now)
            let isAllowed = body(&bucket.tokens)
            if buckets.younger.count >= generationSize, buckets.younger[key] == nil {
                buckets.elder = buckets.younger
                buckets.younger = [:]
            }
            buckets.younger[key] = bucket
            let wait = secondsToNext(bucket, policy, now)
            return Grant(quota: quota, isAllowed: isAllowed, remaining: bucket.tokens, secondsToNext: wait)
        }
    }

    private func refill(_ bucket: inout Bucket, _ policy: RateLimit, _ now: Instant) {
        let elapsed = now.seconds(since: bucket.refilledAt)
        // A clock that was set back must not freeze the bucket until it has caught up.
        guard elapsed >= 0, bucket.tokens < policy.quota else {
            bucket.refilledAt = now
            return
        }
        let window = Int64(policy.windowSeconds)
        guard elapsed < window else {
            bucket = Bucket(tokens: policy.quota, refilledAt: now)
            return
        }
        let gained = elapsed * Int64(policy.quota) / window
        guard gained > 0 else { return }
        bucket.tokens = min(policy.quota, bucket.tokens + Int(gained))
        let used = gained * window * 1_000_000 / Int64(policy.quota)
        bucket.refilledAt = Instant(microseconds: bucket.refilledAt.microseconds + used)
    }

    private func secondsToNext(_ bucket: Bucket, _ policy: RateLimit, _ now: Instant) -> Int {
        let perToken = (policy.windowSeconds + policy.quota - 1) / policy.quota
        let due = bucket.refilledAt.adding(seconds: Int64(perToken))
        return max(1, Int((due.microseconds - now.microseconds + 999_999) / 1_000_000))
    }
}
