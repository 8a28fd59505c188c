import Core
import Cryptography
import Testing

@testable import Identity

@Suite struct SessionTokenTests {
    /// Its checksum comes from zlib's CRC-32, so that the format is held to somebody else's arithmetic.
    static let known = "chx_ses_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG2inwgr"

    @Test func `a new token has the documented form`() throws {
        let form = /chx_ses_[0-9A-Za-z]{49}/
        let tokens = (0..<500).map { _ in SessionToken.random() }
        for token in tokens {
            #expect(token.secret.wholeMatch(of: form) != nil)
            #expect(try #require(SessionToken(token.secret)).secret == token.secret)
        }
        #expect(Set(tokens.map(\.secret)).count == tokens.count)
        #expect(Set(tokens.flatMap { $0.secret.dropFirst(8).prefix(43) }).count == 62)
    }

    @Test func `one wrong character is noticed wherever it stands`() {
        #expect(SessionToken(Self.known) != nil)
        let right = Array(Self.known)
        for index in right.indices {
            for wrong in "0Az_-" where wrong != right[index] {
                var typed = right
                typed[index] = wrong
                #expect(SessionToken(String(typed)) == nil, "\(String(typed))")
            }
        }
    }

    @Test(arguments: [
        "", "chx_ses_", known + "0", String(known.dropLast()), " " + known, known + "\n",
        "chx_live_" + known.dropFirst(8), "CHX_SES_" + known.dropFirst(8), String(repeating: "é", count: 29),
        String(repeating: "a", count: 100_000), "chx_live_0123456789_abcdefghijklmnopqrstuvwxyzABCDEF0h45dk",
    ])
    func `what is no token is not read`(text: String) {
        #expect(SessionToken(text) == nil)
    }

    @Test func `a token is no API key`() {
        #expect(APIKeyText(Self.known) == nil)
    }

    @Test func `the code depends on the pepper and on the token`() throws {
        let token = try #require(SessionToken(Self.known))
        let code = token.authenticationCode(pepper: World.pepper)
        #expect(code == HMACSHA256.authenticate(Array(Self.known.utf8), key: World.pepper))
        #expect(code != token.authenticationCode(pepper: World.secret("another pepper")))
        #expect(code != SessionToken.random().authenticationCode(pepper: World.pepper))
    }

    @Test func `is never printed`() throws {
        let token = try #require(SessionToken(Self.known))
        var dumped = ""
        dump(token, to: &dumped)
        for printed in ["\(token)", String(reflecting: token), dumped, "\([token])"] {
            #expect(!printed.contains("0123456789"), "\(printed)")
        }
    }
}

@Suite struct SessionPolicyTests {
    private static let start = Instant(milliseconds: 1_700_000_000_000)

    private func times(used: Int64 = 0, issued: Int64 = 0, proved: Int64? = 0) -> SessionTimes {
        SessionTimes(
            createdAt: Self.start,
            lastUsedAt: Self.start.adding(seconds: used),
            tokenIssuedAt: Self.start.adding(seconds: issued),
            provedAt: proved.map { Self.start.adding(seconds: $0) }
        )
    }

    private func at(_ seconds: Int64) -> Instant { Self.start.adding(seconds: seconds) }

    /// Seconds after the sign-in: when it was used last, and when somebody asks.
    private static let states = """
        staff 0 0         live
        staff 0 1799      live
        staff 0 1800      idleTooLong
        staff 1799 3598   live
        staff 1799 3599   idleTooLong
        staff 43000 43199 live
        staff 43000 43200 tooOld
        staff 0 43200     tooOld
        buyer 0 604799    live
        buyer 0 604800    idleTooLong
        buyer 2591000 2591999 live
        buyer 2591000 2592000 tooOld
        """

    @Test(arguments: states.split(separator: "\n").map(String.init))
    func `a session ends when it was idle too long or is too old`(row: String) {
        let cells = row.split(separator: " ")
        let policy = cells[0] == "staff" ? SessionPolicy.staff : .buyer
        let state = policy.state(of: times(used: Int64(cells[1])!), at: at(Int64(cells[2])!))
        #expect("\(state)" == cells[3])
    }

    @Test(arguments: [SessionPolicy.staff, .buyer])
    func `it ends when it says that it ends`(policy: SessionPolicy) {
        for used in stride(from: Int64(0), to: policy.absoluteSeconds, by: 1000) {
            let times = times(used: used)
            let end = policy.endsAt(times)
            #expect(policy.state(of: times, at: end) != .live)
            #expect(policy.state(of: times, at: end.adding(milliseconds: -1)) == .live)
        }
    }

    @Test func `staff are held to the shorter limits`() {
        let (staff, buyer) = (SessionPolicy.staff, SessionPolicy.buyer)
        #expect(staff.idleSeconds < buyer.idleSeconds && staff.absoluteSeconds < buyer.absoluteSeconds)
        #expect(staff.rotationSeconds < staff.idleSeconds && buyer.rotationSeconds < buyer.idleSeconds)
        #expect(SessionPolicy.useNotedEverySeconds < staff.idleSeconds)
    }

    @Test func `a token is replaced when it is a quarter of an hour old`() {
        #expect(!SessionPolicy.staff.isRotationDue(times(issued: 100), at: at(999)))
        #expect(SessionPolicy.staff.isRotationDue(times(issued: 100), at: at(1000)))
    }

    @Test func `a replaced token is taken for as long as requests may be under way`() {
        #expect(SessionPolicy.isReplacedTokenTaken(replacedAt: at(0), at: at(9)))
        #expect(!SessionPolicy.isReplacedTokenTaken(replacedAt: at(0), at: at(10)))
    }

    @Test func `the second factor is fresh for five minutes`() {
        #expect(SessionPolicy.staff.isSteppedUp(times(proved: 100), at: at(399)))
        #expect(!SessionPolicy.staff.isSteppedUp(times(proved: 100), at: at(400)))
        #expect(!SessionPolicy.staff.isSteppedUp(times(proved: nil), at: at(0)))
    }

    @Test func `a use is noted once a minute`() {
        #expect(!SessionPolicy.isUseToBeNoted(times(used: 100), at: at(159)))
        #expect(SessionPolicy.isUseToBeNoted(times(used: 100), at: at(160)))
    }
}
