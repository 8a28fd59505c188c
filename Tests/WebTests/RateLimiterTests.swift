import Core
import HTTPTypes
import Support
import Testing

@testable import Web

@Suite("Quotas")
struct RateLimiterTests {
    private let clock = ManualClock()
    private let policy = Quota(RateLimit(name: "p", quota: 600, windowSeconds: 60))

    private func limiter(maximumBuckets: Int = 1000) -> RateLimiter {
        RateLimiter(maximumBuckets: maximumBuckets, clock: clock)
    }

    @Test
    func `exactly the quota is granted, then nothing`() {
        let limiter = limiter()
        let granted = (0..<605).map { _ in limiter.take(policy, caller: "a").isAllowed }
        #expect(granted.filter { $0 }.count == 600)
        #expect(granted.suffix(5) == [false, false, false, false, false])
    }

    @Test
    func `a grant says what is left and when there is more`() {
        let limiter = limiter()
        let grant = limiter.take(policy, caller: "a")
        #expect(grant.field == "\"p\";r=599;t=1")
        #expect(grant.quota.policyHeader.value == "\"p\";q=600;w=60")
    }

    @Test
    func `tokens come back at the policy's rate, up to the quota`() {
        let limiter = limiter()
        for _ in 0..<600 { _ = limiter.take(policy, caller: "a") }
        clock.advance(milliseconds: 999)
        #expect(!limiter.take(policy, caller: "a").isAllowed)
        clock.advance(milliseconds: 1)
        #expect(limiter.take(policy, caller: "a").remaining == 9)
        clock.advance(seconds: 3600)
        #expect(limiter.take(policy, caller: "a").remaining == 599)
    }

    @Test
    func `after as long as it says there is a token`() {
        let slow = Quota(RateLimit(name: "slow", quota: 7, windowSeconds: 60))
        let limiter = limiter()
        for _ in 0..<7 { _ = limiter.take(slow, caller: "a") }
        for _ in 0..<20 {
            let refused = limiter.take(slow, caller: "a")
            #expect(!refused.isAllowed)
            clock.advance(seconds: Int64(refused.secondsToNext))
            #expect(limiter.take(slow, caller: "a").isAllowed)
        }
    }

    @Test
    func `over an hour no more than the rate is granted`() {
        let odd = Quota(RateLimit(name: "odd", quota: 7, windowSeconds: 60))
        let limiter = limiter()
        var granted = 0
        for _ in 0..<3600 {
            while limiter.take(odd, caller: "a").isAllowed { granted += 1 }
            clock.advance(seconds: 1)
        }
        #expect((7 * 59...7 * 61).contains(granted))
    }

    @Test
    func `callers and policies do not share`() {
        let limiter = limiter()
        let one = Quota(RateLimit(name: "one", quota: 1, windowSeconds: 60))
        let other = Quota(RateLimit(name: "other", quota: 1, windowSeconds: 60))
        #expect(limiter.take(one, caller: "a").isAllowed)
        #expect(!limiter.take(one, caller: "a").isAllowed)
        #expect(limiter.take(one, caller: "b").isAllowed)
        #expect(limiter.take(other, caller: "a").isAllowed)
    }

    @Test
    func `a token that is given back is there again, and no more than the quota`() {
        let limiter = limiter()
        _ = limiter.take(policy, caller: "a")
        #expect(limiter.giveBack(policy, caller: "a").remaining == 600)
        #expect(limiter.giveBack(policy, caller: "a").remaining == 600)
    }

    @Test
    func `a clock that is set back stops nobody for longer than the window`() {
        let limiter = limiter()
        for _ in 0..<600 { _ = limiter.take(policy, caller: "a") }
        clock.advance(seconds: -26 * 3600)
        #expect(!limiter.take(policy, caller: "a").isAllowed)
        clock.advance(seconds: 1)
        #expect(limiter.take(policy, caller: "a").remaining == 9)
    }

    @Test
    func `the number of buckets is bounded, and an active caller is not forgotten`() {
        let limiter = limiter(maximumBuckets: 100)
        for _ in 0..<600 { _ = limiter.take(policy, caller: "active") }
        for number in 0..<10_000 {
            _ = limiter.take(policy, caller: "flood \(number)")
            if number % 20 == 0 { #expect(!limiter.take(policy, caller: "active").isAllowed) }
            #expect(limiter.count <= 101)
        }
    }
}
