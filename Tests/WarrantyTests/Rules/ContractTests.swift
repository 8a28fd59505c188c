import Core
import Cryptography
import Support
import Testing
import Warranty

struct ContractTests {
    // MARK: Refunds

    /// 12,000 yuan for 1,000 days and 10,000 km from 2026-06-01 at 30,000 km; all is paid back until 2026-06-08.
    static let refunds = TextTable(
        """
        on          km     claims | unused  refund
        2026-06-01  30000  0      | 12000   12000
        2026-06-08  30900  0      | 12000   12000
        2026-06-08  30900  1      | 10920   10919
        2026-06-09  30000  0      | 11904   11904
        2026-06-09  30080  0      | 11904   11904
        2026-06-09  30081  0      | 11902.8 11902.8
        2026-09-09  31000  0      | 10800   10800
        2026-09-09  31500  0      | 10200   10200
        2027-10-14  31000  0      | 6000    6000
        2027-10-14  35000  0      | 6000    6000
        2027-10-14  36000  0      | 4800    4800
        2027-10-14  36000  1800   | 4800    3000
        2027-10-14  36000  4800   | 4800    0
        2027-10-14  36000  9000   | 4800    0
        2027-10-14  39999  0      | 1.2     1.2
        2027-10-14  40000  0      | 0       0
        2029-02-24  31000  0      | 12      12
        2029-02-25  31000  0      | 0       0
        2026-05-20  30000  0      | 12000   12000
        """.replacing("|", with: " ")
    )

    private static let layer = CoverLayer(
        payer: .platform,
        id: "plus",
        name: LocalizedText(zh: "进阶", en: "Plus"),
        period: Period(
            start: day("2026-06-01"),
            end: day("2026-06-01").adding(days: 1000),
            startKm: 30_000,
            endKm: 40_000
        ),
        price: fen(yuan: 12_000)
    )

    @Test(arguments: refunds.rows) func `paid back is the smaller unused share less claims`(_ row: TextTable.Row) throws
    {
        let refund = try Refund(
            Self.layer,
            paid: Self.layer.price,
            claims: fen(yuan: Int64(row["claims"])!),
            on: day(row["on"]),
            odometerKm: Int64(row["km"])!,
            freeLookUntil: day("2026-06-08")
        )
        #expect(refund.unused == Self.money(row["unused"]))
        #expect(refund.refund == Self.money(row["refund"]))
        #expect(refund.refund.fen + refund.earned.fen == refund.paid.fen)
    }

    private static func money(_ text: String) -> Money {
        let parts = text.split(separator: ".")
        return Money(fen: Int64(parts[0])! * 100 + (parts.count > 1 ? Int64(parts[1])! * 10 : 0))
    }

    // MARK: States

    static let states = TextTable(
        """
        after                           on          km     status
        nothing                         2026-05-31  30000  not_yet
        nothing                         2026-06-01  30000  unpaid
        nothing                         2026-06-08  30000  unpaid
        nothing                         2026-06-09  30000  lapsed
        nothing                         2028-06-09  30000  lapsed
        pay 2026-06-02                  2026-06-03  30000  waiting
        pay 2026-06-02                  2026-06-16  30000  waiting
        pay 2026-06-02                  2026-06-17  30000  active
        pay 2026-06-02                  2027-06-16  50500  active
        pay 2026-06-02                  2027-06-17  50500  expired
        pay 2026-06-02                  2027-06-16  50501  expired
        pay 2026-06-08,cancel 2026-07-01  2026-06-30  30000  active
        pay 2026-06-08,cancel 2026-07-01  2026-07-01  30000  cancelled
        pay 2026-06-08,cancel 2026-07-01  2028-07-01  99000  cancelled
        pay 2026-06-08,transfer 2026-07-01  2026-07-02  30000  active
        pay 2026-06-08,upgrade 2026-07-01  2026-07-02  30000  upgraded
        """.replacing(" 2026-06-02 ", with: "@2026-06-02 ").replacing(" 2026-06-08,", with: "@2026-06-08,")
            .replacing("cancel ", with: "cancel@").replacing("transfer ", with: "transfer@")
            .replacing("upgrade ", with: "upgrade@")
    )

    @Test(arguments: states.rows) func `a contract stands as what happened says`(_ row: TextTable.Row) throws {
        // Without a floor, so that plus has a price.
        var contract = try shipped.contract("plus", .sample(registered: "2022-06-01"), isPaid: false)
        for step in row["after"].split(separator: ",") where step != "nothing" {
            let parts = step.split(separator: "@").map(String.init)
            switch parts[0] {
            case "pay": try contract.pay(on: day(parts[1]))
            case "cancel": try contract.end(.cancelled, on: day(parts[1]), odometerKm: 30_000, accounts: [:])
            case "upgrade": try contract.end(.upgraded, on: day(parts[1]), odometerKm: 30_000, accounts: [:])
            default: try contract.transfer(to: "buyer-2", use: .private, on: day(parts[1]), odometerKm: 30_000)
            }
        }
        #expect(contract.status(on: day(row["on"]), odometerKm: Int64(row["km"])!).rawValue == row["status"])
    }

    @Test func `what has ended does not go on`() throws {
        let sale = SaleFacts.sample(registered: "2022-06-01")
        var cancelled = try shipped.contract("plus", sale)
        try cancelled.end(.cancelled, on: day("2026-07-01"), odometerKm: 31_000, accounts: [:])
        let lapsed = try shipped.contract("plus", sale, isPaid: false)
        let expired = try shipped.contract("plus", sale)
        for (contract, date, problem) in [
            (cancelled, "2026-07-02", ProblemType.contractEnded), (lapsed, "2026-07-01", .contractLapsed),
            (expired, "2028-01-01", .contractEnded),
        ] {
            for step in Self.steps {
                var contract = contract
                let failure = #expect(throws: Failure.self) { try step(&contract, day(date)) }
                #expect(failure?.type == problem)
            }
        }
    }

    private static let steps: [@Sendable (inout Contract, CalendarDate) throws -> Void] = [
        { try $0.transfer(to: "buyer-2", use: .private, on: $1, odometerKm: 31_000) },
        { try $0.end(.cancelled, on: $1, odometerKm: 31_000, accounts: [:]) },
        { _ = try $0.renewal(on: $1, odometerKm: 31_000, days: 30) },
        { _ = try $0.upgrade(to: shipped.plan("premium")!, from: shipped.plan("plus")!, on: $1, odometerKm: 31_000) },
    ]

    @Test func `payment is taken once, and in time`() throws {
        var contract = try shipped.contract("plus", .sample(registered: "2022-06-01"), isPaid: false)
        var late = contract
        #expect(throws: Failure(.contractLapsed)) { try late.pay(on: day("2026-06-09")) }
        try contract.pay(on: day("2026-06-08"))
        #expect(throws: Failure(.contractPaid)) { try contract.pay(on: day("2026-06-08")) }
        var free = try shipped.contract("basic", isPaid: false)
        #expect(free.price == .zero)
        #expect(throws: Failure(.contractPaid)) { try free.pay(on: day("2026-06-02")) }
        #expect(free.status(on: day("2026-08-01"), odometerKm: 31_000) == .active)
    }

    @Test func `a contract goes to a private owner, with what is left of it`() throws {
        var contract = try shipped.contract("plus", .sample(registered: "2022-06-01"))
        let before = contract
        let commercial = #expect(throws: Failure.self) {
            try contract.transfer(to: "b", use: .commercial, on: day("2026-08-01"), odometerKm: 32_000)
        }
        #expect(commercial?.type == .notTransferable)
        let same = #expect(throws: Failure.self) {
            try contract.transfer(to: "buyer-1", use: .private, on: day("2026-08-01"), odometerKm: 32_000)
        }
        #expect(same?.type == .notTransferable)
        try contract.transfer(to: "buyer-2", use: .private, on: day("2026-08-01"), odometerKm: 32_000)
        #expect(contract.holder == "buyer-2" && contract.transfers == 1)
        #expect(contract.terms == before.terms && contract.paidOn == before.paidOn)
    }

    @Test func `an open claim holds a cancellation up`() throws {
        var contract = try shipped.contract("plus", .sample(registered: "2022-06-01"))
        var account = LimitAccount(contract.terms.tier!.limits!)
        try account.reserve(fen(yuan: 100), for: "clm_1", "brakes.caliper")
        #expect(throws: Failure(.openClaims)) {
            try contract.end(.cancelled, on: day("2026-08-01"), odometerKm: 31_000, accounts: ["plus": account])
        }
        try account.pay(fen(yuan: 100), for: "clm_1", "brakes.caliper")
        try contract.end(.cancelled, on: day("2026-08-01"), odometerKm: 31_000, accounts: ["plus": account])
        #expect(contract.ending?.refunds.first?.claims == fen(yuan: 100))
    }

    // MARK: Going on

    static let renewals = TextTable(
        """
        on          km     renewable
        2027-05-16  40000  no
        2027-05-17  40000  yes
        2027-06-16  50500  yes
        2027-06-16  50501  ended
        2027-06-17  40000  ended
        """
    )

    @Test(arguments: renewals.rows) func `a contract is renewed in the month before its end`(_ row: TextTable.Row)
        throws
    {
        let contract = try shipped.contract("plus", .sample(registered: "2022-06-01"))
        let renew = { try contract.renewal(on: day(row["on"]), odometerKm: Int64(row["km"])!, days: 30) }
        switch row["renewable"] {
        case "yes": #expect(try renew().start == day("2027-06-16"))
        case "no": #expect(#expect(throws: Failure.self, performing: { _ = try renew() })?.type == .notRenewable)
        default: #expect(throws: Failure(.contractEnded)) { _ = try renew() }
        }
    }

    @Test func `a renewal goes on where the old contract ends, and does not wait`() throws {
        let old = try shipped.contract("plus", .sample(registered: "2022-06-01"))
        let going = try old.renewal(on: day("2027-06-10"), odometerKm: 45_000, days: shipped.life.renewalDays)
        let sale = SaleFacts.sample(registered: "2022-06-01", sold: "2027-06-10", km: 45_000, seller: .private)
        let new = try Self.terms("plus", sale, continuing: going)
        #expect(new.tier?.period.start == old.terms.tier?.period.end)
        #expect(new.tier?.answersFrom == nil)
        #expect(new.tier?.period.end == day("2028-06-16"))
        #expect(new.renews == old.terms.id)
        #expect(new.grants.isEmpty)
    }

    @Test func `an upgrade keeps what the law grants, and what was waited for`() throws {
        var old = try shipped.contract("plus", .sample(registered: "2023-06-01"))
        let (plus, premium) = (shipped.plan("plus")!, shipped.plan("premium")!)
        #expect(throws: Failure(.notAnUpgrade)) {
            _ = try old.upgrade(to: plus, from: premium, on: day("2026-07-01"), odometerKm: 31_000)
        }
        #expect(throws: Failure(.notAnUpgrade)) {
            _ = try old.upgrade(to: shipped.plan("ext-vehicle")!, from: plus, on: day("2026-07-01"), odometerKm: 31_000)
        }
        let going = try old.upgrade(to: premium, from: plus, on: day("2026-07-01"), odometerKm: 31_000)
        let sale = SaleFacts.sample(registered: "2023-06-01", sold: "2026-07-01", km: 31_000)
        let new = try Self.terms("premium", sale, continuing: going)
        #expect(new.layers(of: .legalFloor) == old.terms.layers(of: .legalFloor))
        #expect(new.tier?.answersFrom == nil, "plus had waited its time")
        try old.end(.upgraded, on: day("2026-07-01"), odometerKm: 31_000, accounts: [:])
        #expect(old.status(on: day("2026-07-01"), odometerKm: 31_000) == .upgraded)
    }

    static func terms(_ tier: String, _ sale: SaleFacts, continuing: Continuation) throws -> ContractTerms {
        let quote = try shipped.quote(QuoteRequest(sale: sale, isWithPackage: false))
        let request = IssueRequest(
            tier: tier,
            deliveredOn: sale.soldOn,
            odometerKm: sale.odometerKm,
            acknowledged: Set(quote.offers.map(\.wordingHash))
        )
        return try shipped.terms(contractID(2), for: request, of: quote, continuing: continuing)
    }
}
