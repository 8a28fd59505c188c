import Core
import Identity
import Support
import Testing
import Web

@testable import People

@Suite struct PeopleRulesTests {
    private static let logins = TextTable(
        """
        entered                  | read
        zhang.wei@example.com    | email zhang.wei@example.com
        Zhang.Wei@Example.COM    | email zhang.wei@example.com
        ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ | email zhang@example.com
        13812345678              | phone 13812345678
        138 1234 5678            | phone 13812345678
        +86 138-1234-5678        | phone 13812345678
        008613812345678          | phone 13812345678
        １３８１２３４５６７８         | phone 13812345678
        12812345678              | login_format
        1381234567               | login_format
        138123456789             | login_format
        a@b                      | login_format
        @example.com             | login_format
        a@@example.com           | login_format
        a b@example.com          | login_format
        a@example..com           | login_format
        张伟@example.com          | login_format
        张伟                      | login_format
        """
    )

    @Test(arguments: logins.rows)
    func `a login is an address or a number, however it is written`(row: TextTable.Row) {
        do throws(TextFault) {
            let login = try Login(parsing: row["entered"])
            #expect("\(login.field.rawValue) \(login.text)" == row["read"])
        } catch {
            #expect(error.code == row["read"])
        }
    }

    private static let day = CalendarDate("2026-06-15")!

    private func certificate(
        _ level: StaffLevel,
        from: String = "2026-01-01",
        to: String = "2026-12-31",
        kind: Certificate.Kind = .claims,
        isRevoked: Bool = false
    ) -> Certificate {
        Certificate(
            id: CertificateID(at: Instant(microseconds: 0)),
            person: PersonID(at: Instant(microseconds: 0)),
            kind: kind,
            level: level,
            number: "1",
            issuedOn: CalendarDate(from)!,
            expiresOn: CalendarDate(to)!,
            grantedBy: "key_1",
            grantedAt: Instant(microseconds: 0),
            revokedAt: isRevoked ? Instant(microseconds: 1) : nil
        )
    }

    @Test func `claims staff act at the level of a certificate that is valid, and at none without`() {
        let senior = certificate(.senior)
        #expect(Competence.role(.claimsSenior, [senior], on: Self.day) == .claimsSenior)
        #expect(Competence.role(.claimsJunior, [senior], on: Self.day) == .claimsJunior)
        #expect(Competence.role(.claimsManager, [senior], on: Self.day) == .claimsSenior)
        #expect(Competence.role(.claimsManager, [certificate(.intermediate)], on: Self.day) == .claimsJunior)
        #expect(Competence.role(.claimsManager, [certificate(.manager), senior], on: Self.day) == .claimsManager)
        #expect(Competence.role(.claimsSenior, [], on: Self.day) == nil)
        #expect(Competence.role(.claimsSenior, [certificate(.senior, isRevoked: true)], on: Self.day) == nil)
        #expect(Competence.role(.claimsSenior, [certificate(.senior, kind: .inspection)], on: Self.day) == nil)
        #expect(Competence.role(.finance, [], on: Self.day) == .finance)
    }

    @Test func `a certificate counts from its first day to its last`() {
        let valid = certificate(.senior, from: "2026-06-15", to: "2026-06-15")
        #expect(valid.isValid(on: Self.day))
        #expect(!valid.isValid(on: Self.day.adding(days: 1)))
        #expect(!valid.isValid(on: Self.day.adding(days: -1)))
    }

    @Test(arguments: OrganizationKind.allCases)
    func `nobody can have a scope that the organisation's kind does not have`(kind: OrganizationKind) {
        for role in StaffRoles.allowed(in: kind) {
            #expect(StaffRoles.scopes(of: role).isSubset(of: kind.allowedScopes))
            #expect(StaffRoles.defaultScopes(of: role).isDisjoint(with: [.keysWrite, .peopleManage]))
        }
    }

    @Test func `every role but the buyer's belongs to some organisation`() {
        let roles = OrganizationKind.allCases.flatMap { StaffRoles.allowed(in: $0) }
        #expect(Set(roles).union([.buyer]) == Set(Role.allCases))
    }

    @Test func `a code is read with blanks and in full width`() {
        #expect(SignInCode.digits(in: "１２３ 456") == "123456")
        #expect(SignInCode.digits(in: "12345") == nil)
        #expect(SignInCode.digits(in: "12345a") == nil)
        #expect(SignInCode.digits(in: "1234567") == nil)
    }

    @Test func `what a client says of itself is cut short and holds no line ends`() {
        #expect(Session.device(userAgent: "curl/8\r\nX: y") == "curl/8X: y")
        #expect(Session.device(userAgent: String(repeating: "a", count: 500))?.count == Session.deviceLength)
        #expect(Session.device(userAgent: "浏览器") == nil)
        #expect(Session.device(userAgent: nil) == nil)
    }

    @Test func `a link's secret is taken whole or not at all`() {
        let token = LinkToken.random()
        #expect(LinkToken(token.secret)?.secret == token.secret)
        #expect(LinkToken(String(token.secret.dropLast())) == nil)
        let flipped = (token.secret.first == "A" ? "B" : "A") + token.secret.dropFirst()
        #expect(LinkToken(flipped) == nil)
        #expect("\(token)" == "<redacted>")
    }
}
