import Core
import Synchronization

/// Counts requests by policy and caller, in token buckets that refill evenly over the policy's window.
///
/// In memory, so that a request waits for nothing; where there are several instances, `RateExchange` has them tell each
/// other. Tokens come back in whole seconds, so that a burst that fits into one gets exactly its quota.
final class RateLimiter: Sendable {
    struct Caller: Hashable, Comparable {
        let policy: String
        let name: String

        static func < (left: Caller, right: Caller) -> Bool {
            (left.policy, left.name) < (right.policy, right.name)
        }
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
        /// Below zero where others used what was granted here, too: that is paid back before anything is granted.
        var tokens: Int
        var refilledAt: Instant
        let limit: RateLimit
        var heard = HeardUse()
    }

    /// Two generations: a caller that comes again moves to the younger one, and when that is half the maximum the elder
    /// is dropped. So the number is bounded, and who is active is not forgotten.
    private struct Buckets {
        var younger: [Caller: Bucket] = [:]
        var elder: [Caller: Bucket] = [:]
        var untold: [Caller: Use] = [:]
    }

    private let buckets = Mutex(Buckets())
    private let generationSize: Int
    private let clock: any WallClock
    private let hasOthers: Bool

    /// - Parameter hasOthers: other instances want to know what is used here.
    init(maximumBuckets: Int, clock: any WallClock, hasOthers: Bool = false) {
        generationSize = max(1, maximumBuckets / 2)
        self.clock = clock
        self.hasOthers = hasOthers
    }

    func take(_ quota: Quota, caller: String) -> Grant {
        change(quota, caller: caller) { tokens in
            guard tokens > 0 else { return 0 }
            tokens -= 1
            return 1
        }
    }

    /// For a request that turned out to cost nothing.
    func giveBack(_ quota: Quota, caller: String) -> Grant {
        change(quota, caller: caller) { tokens in
            guard tokens < quota.limit.quota else { return 0 }
            tokens += 1
            return -1
        }
    }

    var count: Int {
        buckets.withLock { $0.younger.count + $0.elder.count }
    }

    /// - Parameter body: changes the tokens and says how many it took.
    private func change(_ quota: Quota, caller: String, _ body: (inout Int) -> Int) -> Grant {
        let policy = quota.limit
        let key = Caller(policy: policy.name, name: caller)
        let now = clock.now()
        return buckets.withLock { buckets in
            var bucket =
                buckets.younger[key] ?? buckets.elder[key]
                ?? Bucket(tokens: policy.quota, refilledAt: now, limit: policy)
            refill(&bucket, now)
            let taken = body(&bucket.tokens)
            if buckets.younger.count >= generationSize, buckets.younger[key] == nil {
                buckets.elder = buckets.younger
                buckets.younger = [:]
            }
            buckets.younger[key] = bucket
            if hasOthers, taken != 0 { note(taken, key, policy, &buckets.untold) }
            return Grant(
                quota: quota,
                isAllowed: taken != 0,
                remaining: max(0, bucket.tokens),
                secondsToNext: secondsToNext(bucket, now)
            )
        }
    }

    private func refill(_ bucket: inout Bucket, _ now: Instant) {
        let quota = bucket.limit.quota
        let elapsed = now.seconds(since: bucket.refilledAt)
        // A clock that was set back must not freeze the bucket until it has caught up.
        guard elapsed >= 0, bucket.tokens < quota else {
            bucket.refilledAt = now
            return
        }
        let window = Int64(bucket.limit.windowSeconds)
        // The deepest debt is a quota, paid back in one window; the next one fills the bucket.
        guard elapsed < 2 * window else {
            bucket.tokens = quota
            bucket.refilledAt = now
            return
        }
        let gained = elapsed * Int64(quota) / window
        guard gained > 0 else { return }
        bucket.tokens = min(quota, bucket.tokens + Int(gained))
        let used = gained * window * 1_000_000 / Int64(quota)
        bucket.refilledAt = Instant(microseconds: bucket.refilledAt.microseconds + used)
    }

    private func secondsToNext(_ bucket: Bucket, _ now: Instant) -> Int {
        let (quota, window) = (bucket.limit.quota, bucket.limit.windowSeconds)
        let missing = max(1, 1 - bucket.tokens)
        let due = bucket.refilledAt.adding(seconds: Int64((window * missing + quota - 1) / quota))
        return max(1, Int((due.microseconds - now.microseconds + 999_999) / 1_000_000))
    }
}

// MARK: - Other instances

extension RateLimiter {
    /// What a caller used here since the others were told the last time.
    struct Use: Sendable, Hashable {
        let caller: Caller
        let windowSeconds: Int
        var count: Int
    }

    /// Whoever is told nothing for long learns less; the number that is kept for them is bounded all the same.
    private func note(_ count: Int, _ caller: Caller, _ limit: RateLimit, _ untold: inout [Caller: Use]) {
        guard untold[caller] != nil || untold.count < generationSize else { return }
        untold[caller, default: Use(caller: caller, windowSeconds: limit.windowSeconds, count: 0)].count += count
    }

    /// Up to `limit` callers, those who used most; the others are told of next time.
    func takeUntold(limit: Int) -> [Use] {
        let all = buckets.withLock { buckets in
            defer { buckets.untold = [:] }
            return buckets.untold
        }
        let most = all.values.filter { $0.count > 0 }.sorted { ($1.count, $0.caller) < ($0.count, $1.caller) }
        tellLater(Array(most.dropFirst(limit)))
        return Array(most.prefix(limit))
    }

    func tellLater(_ uses: [Use]) {
        buckets.withLock { buckets in
            for use in uses where buckets.untold[use.caller] != nil || buckets.untold.count < generationSize {
                buckets.untold[use.caller, default: Use(caller: use.caller, windowSeconds: use.windowSeconds, count: 0)]
                    .count += use.count
            }
        }
    }

    /// Takes out of a bucket what others used of it.
    func hear(_ report: UseReport) {
        let now = clock.now()
        buckets.withLock { buckets in
            let isYoung = buckets.younger[report.caller] != nil
            guard var bucket = buckets.younger[report.caller] ?? buckets.elder[report.caller] else { return }
            refill(&bucket, now)
            let others = bucket.heard.hear(report)
            bucket.tokens = max(-bucket.limit.quota, bucket.tokens - Int(clamping: others))
            if isYoung { buckets.younger[report.caller] = bucket } else { buckets.elder[report.caller] = bucket }
        }
    }
}
