import Core
import Testing

@testable import Identity

@Suite struct LockOutTests {
    private static let start = Instant(milliseconds: 1_700_000_000_000)

    private func after(_ count: Int64) -> FailedSignIns { FailedSignIns(count: count, lastAt: Self.start) }

    /// Failures in a row, and the seconds to wait after them.
    private static let waits: [(LockOut, [Int64: Int64])] = [
        (
            .account,
            [
                0: 0, 1: 0, 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 13: 256, 14: 512, 15: 900, 16: 900, 99: 900,
                100: 2_592_000, 101: 2_592_000, .max: 2_592_000,
            ]
        ),
        (.address, [0: 0, 19: 0, 20: 1, 21: 2, 28: 256, 29: 300, 100: 300, 1_000_000: 300]),
        (.secondFactor, [0: 0, 4: 0, 5: 300, 6: 600, 7: 900, 8: 900, 99: 900, 100: 2_592_000]),
    ]

    @Test(arguments: waits.indices)
    func `the wait doubles up to the longest`(index: Int) {
        let (lockOut, expected) = Self.waits[index]
        for (count, seconds) in expected {
            #expect(lockOut.waitSeconds(after: count) == seconds, "\(count)")
            let decision = lockOut.decide(after(count), at: Self.start)
            #expect(decision == (seconds == 0 ? .allowed : .wait(seconds: seconds)), "\(count)")
        }
    }

    @Test func `the wait ends when it is over, to the microsecond`() {
        let failures = after(7)
        let end = Self.start.adding(seconds: 4)
        #expect(LockOut.account.decide(failures, at: Self.start.adding(seconds: 1)) == .wait(seconds: 3))
        #expect(LockOut.account.decide(failures, at: Self.start.adding(milliseconds: 1001)) == .wait(seconds: 3))
        #expect(LockOut.account.decide(failures, at: Self.start.adding(milliseconds: 2001)) == .wait(seconds: 2))
        let almost = Instant(microseconds: end.microseconds - 1)
        #expect(LockOut.account.decide(failures, at: almost) == .wait(seconds: 1))
        #expect(LockOut.account.decide(failures, at: end) == .allowed)
    }

    @Test func `without failures nobody waits`() {
        #expect(LockOut.account.decide(nil, at: Self.start) == .allowed)
        #expect(LockOut.account.decide(after(0), at: Self.start) == .allowed)
    }

    @Test func `a guesser who never tires has a hundred tries, and takes most of a day for them`() {
        var now = Self.start
        var failures: FailedSignIns?
        while !LockOut.account.isExhausted(failures, at: now) {
            if case .wait(let seconds) = LockOut.account.decide(failures, at: now) {
                now = now.adding(seconds: seconds)
            }
            failures = LockOut.account.counting(failures, at: now)
        }
        #expect(failures?.count == 100)
        #expect(now.seconds(since: Self.start) > 20 * 3600)
    }

    @Test(arguments: [LockOut.account, .address, .secondFactor])
    func `no wait is for ever`(lockOut: LockOut) {
        for count: Int64 in [1, 5, 20, 100, 1_000_000] {
            let forgotten = lockOut.forgottenAt(after(count))
            #expect(lockOut.decide(after(count), at: forgotten) == .allowed)
            #expect(!lockOut.isExhausted(after(count), at: forgotten))
            #expect(lockOut.counting(after(count), at: forgotten) == FailedSignIns(count: 1, lastAt: forgotten))
        }
    }

    @Test func `failures add up until they are forgotten`() {
        let almost = LockOut.address.forgottenAt(after(3)).adding(milliseconds: -1)
        #expect(LockOut.address.counting(after(3), at: almost) == FailedSignIns(count: 4, lastAt: almost))
        #expect(LockOut.address.counting(nil, at: almost) == FailedSignIns(count: 1, lastAt: almost))
    }

    @Test func `a success makes the account forget, and the address only the attempt itself`() {
        #expect(LockOut.account.succeeding(after(4)) == nil)
        #expect(LockOut.secondFactor.succeeding(after(4)) == nil)
        #expect(LockOut.address.succeeding(after(4)) == after(3))
        #expect(LockOut.address.succeeding(after(1)) == nil)
    }

    @Test func `an address is never exhausted, an account is at a hundred`() {
        #expect(!LockOut.account.isExhausted(after(99), at: Self.start))
        #expect(LockOut.account.isExhausted(after(100), at: Self.start))
        #expect(!LockOut.address.isExhausted(after(1_000_000), at: Self.start))
        #expect(!LockOut.account.isExhausted(nil, at: Self.start))
    }

    @Test func `a clock that was set back makes no wait longer than it was`() {
        let earlier = Self.start.adding(seconds: -86_400)
        #expect(LockOut.account.decide(after(7), at: earlier) == .wait(seconds: 4))
        #expect(LockOut.account.decide(after(4), at: earlier) == .allowed)
    }

    @Test(arguments: [LockOut.account, .address, .secondFactor])
    func `one more failure never makes the wait shorter`(lockOut: LockOut) {
        let waits = (Int64(0)...200).map(lockOut.waitSeconds(after:))
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(waits.prefix(100).allSatisfy { $0 <= lockOut.longestWaitSeconds })
    }
}
