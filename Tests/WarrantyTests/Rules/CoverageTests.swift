import Core
import Support
import Testing
import Warranty

/// Who pays for a part. The car: first invoiced and registered on `registered`, sold on 2026-06-01 at 30,000 km by a
/// dealer in `region`. The contract is paid.
struct CoverageTests {
    /// What each payer says, in their order, and the first to be asked.
    static let table = TextTable(
        """
        plan    energy  registered region part    on         km    recall maker floor platform answer first
        # Two years old: the maker still owes until 2027-06-01 or 60,000 km.
        basic   petrol  2024-06-01 CN-JS  变速箱     2026-06-01 30000 -      Y     Y     Y        Y      manufacturer
        basic   petrol  2024-06-01 CN-JS  波箱      2026-07-01 32000 -      Y     Y     Y        Y      manufacturer
        basic   petrol  2024-06-01 CN-JS  gearbox 2026-09-01 35000 -      Y     Y     Y        Y      manufacturer
        basic   petrol  2024-06-01 CN-JS  gearbox 2026-09-02 35000 -      Y     -     -        Y      manufacturer
        basic   petrol  2024-06-01 CN-JS  gearbox 2027-06-02 45000 -      -     -     -        -      none
        basic   petrol  2024-06-01 CN-JS  gearbox 2026-07-01 35001 -      Y     -     -        Y      manufacturer
        basic   petrol  2024-06-01 CN-JS  车机      2026-07-01 32000 -      Y     -     -        Y      manufacturer
        basic   petrol  2024-06-01 CN-JS  刹车片     2026-07-01 32000 -      ?     ?     -        ?      manufacturer
        basic   petrol  2024-06-01 CN-JS  车漆      2026-07-01 32000 -      ?     -     -        ?      manufacturer
        # Three years old and a day past the maker's term: the law comes first.
        basic   petrol  2023-06-01 CN-JS  曲轴      2026-06-02 30000 -      -     Y     Y        Y      legal_floor
        basic   petrol  2023-06-01 CN-JS  曲轴      2026-09-01 35000 -      -     Y     Y        Y      legal_floor
        basic   petrol  2023-06-01 CN-JS  曲轴      2026-09-02 35000 -      -     -     -        ?      goodwill
        basic   petrol  2023-06-01 CN-JS  曲轴      2026-10-01 35000 -      -     -     -        ?      goodwill
        basic   petrol  2023-06-01 CN-JS  曲轴      2026-10-02 35000 -      -     -     -        -      none
        basic   petrol  2023-06-01 CN-JS  曲轴      2026-09-01 35001 -      -     -     -        -      none
        basic   petrol  2023-06-01 CN-JS  缸体      2026-06-20 31000 -      -     Y     C        Y      legal_floor
        basic   petrol  2023-06-01 CN-JS  缸垫      2026-06-20 31000 -      -     Y     C        Y      legal_floor
        basic   petrol  2023-06-01 CN-JS  刹车片     2026-06-20 31000 -      -     ?     -        ?      legal_floor
        basic   petrol  2023-06-01 CN-JS  主线束     2026-06-20 31000 -      -     -     Y        Y      platform
        basic   petrol  2023-06-01 CN-JS  电路      2026-06-20 31000 -      -     -     ?        ?      platform
        basic   petrol  2023-06-01 CN-JS  空调压缩机   2026-06-20 31000 -      -     -     -        -      none
        basic   petrol  2023-06-01 CN-JS  车机      2026-06-20 31000 -      -     -     -        -      none
        basic   petrol  2023-06-01 CN-JS  动力电池    2026-06-20 31000 -      -     -     -        -      none
        # Plus waits for 15 days or 500 km; the law does not.
        plus    petrol  2023-06-01 CN-JS  变速箱     2026-06-02 30010 -      -     Y     -        Y      legal_floor
        plus    petrol  2023-06-01 CN-JS  变速箱     2026-06-16 30010 -      -     Y     -        Y      legal_floor
        plus    petrol  2023-06-01 CN-JS  变速箱     2026-06-17 30010 -      -     Y     Y        Y      legal_floor
        plus    petrol  2023-06-01 CN-JS  变速箱     2026-06-10 30501 -      -     Y     Y        Y      legal_floor
        plus    petrol  2023-06-01 CN-JS  空调压缩机   2026-06-16 30010 -      -     -     -        -      none
        plus    petrol  2023-06-01 CN-JS  空调压缩机   2026-06-17 30010 -      -     -     Y        Y      platform
        plus    petrol  2023-06-01 CN-JS  变速箱     2026-09-02 36000 -      -     -     Y        Y      platform
        plus    petrol  2023-06-01 CN-JS  变速箱     2027-06-16 50500 -      -     -     Y        Y      platform
        plus    petrol  2023-06-01 CN-JS  变速箱     2027-06-17 50000 -      -     -     -        ?      goodwill
        plus    petrol  2023-06-01 CN-JS  变速箱     2027-06-16 50501 -      -     -     -        -      none
        plus    petrol  2023-06-01 CN-JS  变速箱壳    2027-01-01 40000 -      -     -     C        C      platform
        plus    petrol  2023-06-01 CN-JS  气缸垫     2027-01-01 40000 -      -     -     C        C      platform
        plus    petrol  2023-06-01 CN-JS  火花塞     2027-01-01 40000 -      -     -     -        -      none
        plus    petrol  2023-06-01 CN-JS  车机      2027-01-01 40000 -      -     -     -        -      none
        plus    petrol  2023-06-01 CN-JS  气囊      2027-01-01 40000 -      -     -     -        -      none
        plus    battery 2023-06-01 CN-JS  动力电池    2027-01-01 40000 -      -     -     Y        Y      platform
        plus    battery 2023-06-01 CN-JS  SOH     2027-01-01 40000 -      -     -     -        -      none
        plus    battery 2023-06-01 CN-JS  变速箱     2027-01-01 40000 -      -     -     -        -      none
        plus    battery 2023-06-01 CN-JS  驱动电机    2026-06-20 31000 -      -     ?     Y        Y      platform
        # Premium covers everything that is not left out.
        premium petrol  2023-06-01 CN-JS  车机      2027-01-01 40000 -      -     -     Y        Y      platform
        premium petrol  2023-06-01 CN-JS  天窗      2027-01-01 40000 -      -     -     Y        Y      platform
        premium petrol  2023-06-01 CN-JS  气囊      2027-01-01 40000 -      -     -     Y        Y      platform
        premium petrol  2023-06-01 CN-JS  地图      2027-01-01 40000 -      -     -     C        C      platform
        premium petrol  2023-06-01 CN-JS  轮胎      2027-01-01 40000 -      -     -     -        -      none
        premium petrol  2023-06-01 CN-JS  车漆      2027-01-01 40000 -      -     -     -        -      none
        premium petrol  2023-06-01 CN-JS  整车      2029-06-16 80500 -      -     -     Y        Y      platform
        premium petrol  2023-06-01 CN-JS  整车      2029-06-17 80500 -      -     -     -        ?      goodwill
        premium battery 2023-06-01 CN-JS  SOH     2027-01-01 40000 -      -     -     C        C      platform
        premium battery 2023-06-01 CN-JS  电池模组    2027-01-01 40000 -      -     -     Y        Y      platform
        premium battery 2024-06-01 CN-JS  SOH     2026-07-01 32000 -      ?     -     C        C      platform
        premium petrol  2023-06-01 CN-JS  电池包     2027-01-01 40000 -      -     -     -        -      none
        # Six years old: no maker, no national rule; in Zhejiang 60 days or 3,000 km for what is unsafe.
        basic   petrol  2020-06-01 CN-JS  刹车总泵    2026-06-20 31000 -      -     -     Y        Y      platform
        basic   petrol  2020-06-01 CN-ZJ  刹车总泵    2026-06-20 31000 -      -     Y     Y        Y      legal_floor
        basic   petrol  2020-06-01 CN-ZJ  刹车总泵    2026-07-31 33000 -      -     Y     Y        Y      legal_floor
        basic   petrol  2020-06-01 CN-ZJ  刹车总泵    2026-08-01 33000 -      -     -     Y        Y      platform
        basic   petrol  2020-06-01 CN-ZJ  刹车总泵    2026-07-31 33001 -      -     -     Y        Y      platform
        basic   petrol  2020-06-01 CN-ZJ  气囊      2026-07-31 33000 -      -     Y     -        Y      legal_floor
        basic   petrol  2020-06-01 CN-ZJ  气囊      2026-08-01 33000 -      -     -     -        -      none
        basic   petrol  2020-06-01 CN-ZJ  轮胎      2026-07-31 33000 -      -     ?     -        ?      legal_floor
        basic   petrol  2020-06-01 CN-ZJ  曲轴      2026-07-31 33000 -      -     ?     Y        Y      platform
        basic   petrol  2020-06-01 CN-ZJ  车机      2026-07-31 33000 -      -     -     -        -      none
        plus    petrol  2020-06-01 CN-ZJ  转向机     2026-06-02 30010 -      -     Y     -        Y      legal_floor
        # Before the sale nobody but the maker owes anything.
        plus    petrol  2024-06-01 CN-JS  变速箱     2026-05-31 30000 -      Y     -     -        Y      manufacturer
        plus    petrol  2023-06-01 CN-JS  变速箱     2026-05-31 30000 -      Y     -     -        Y      manufacturer
        plus    petrol  2020-06-01 CN-JS  变速箱     2026-05-31 30000 -      -     -     -        -      none
        """
    )

    @Test(arguments: table.rows) func `the payers are asked in their order`(_ row: TextTable.Row) throws {
        let sale = SaleFacts.sample(
            registered: row["registered"],
            energy: SaleFacts.Energy(rawValue: row["energy"])!,
            region: row["region"],
            inService: row["registered"]
        )
        let contract = try shipped.contract(row["plan"], sale)
        let question = CoverageQuestion(
            component: shipped.component(row["part"]),
            date: day(row["on"]),
            odometerKm: Int64(row["km"])!
        )
        let answer = shipped.answer(question, for: contract)
        #expect(best(.recall, answer) == row["recall"])
        #expect(best(.manufacturer, answer) == row["maker"])
        #expect(best(.legalFloor, answer) == row["floor"])
        #expect(best(.platform, answer) == row["platform"])
        #expect(CoverTableTests.letter(answer.cover) == row["answer"])
        #expect((answer.firstPayer?.rawValue ?? "none") == row["first"])
        #expect(answer.payers.map(\.payer).sortedByOrder == answer.payers.map(\.payer))
        #expect(answer.cover == .excluded || !answer.shows.isEmpty, "what to show")
    }

    private func best(_ payer: Payer, _ answer: CoverageAnswer) -> String {
        let order: [Cover] = [.covered, .conditional, .assess, .excluded]
        let covers = answer.payers.filter { $0.payer == payer }.map(\.cover)
        return CoverTableTests.letter(order.first(where: covers.contains) ?? .excluded)
    }

    // MARK: Recalls

    static let recalls = TextTable(
        """
        recalled   asked   recall answer first
        变速箱     变速箱  Y      Y      recall
        变速箱     阀体    Y      Y      recall
        阀体       变速箱  Y      Y      recall
        变速箱     曲轴    -      Y      platform
        气囊       气囊    Y      Y      recall
        ?          曲轴    ?      Y      platform
        ?          轮胎    ?      ?      recall
        """
    )

    @Test(arguments: recalls.rows) func `an open recall comes before everything`(_ row: TextTable.Row) throws {
        let contract = try shipped.contract("plus", .sample(registered: "2021-06-01"))
        let recalled = row["recalled"] == "?" ? nil : shipped.component(row["recalled"])
        let question = CoverageQuestion(
            component: shipped.component(row["asked"]),
            date: day("2026-12-01"),
            odometerKm: 40_000,
            openRecalls: [.init(campaign: "R-1", component: recalled)]
        )
        let answer = shipped.answer(question, for: contract)
        #expect(best(.recall, answer) == row["recall"])
        #expect(CoverTableTests.letter(answer.cover) == row["answer"])
        #expect(answer.firstPayer?.rawValue == row["first"])
    }

    // MARK: Doubtful questions

    static let flags = TextTable(
        """
        on         km     lastOn     lastKm flags                                       answer
        2026-12-01 40000  2026-11-01 39000  none                                        Y
        2026-12-01 39000  2026-11-01 39000  none                                        Y
        2026-12-01 38999  2026-11-01 39000  odometer_below_history                      ?
        2026-12-01 29999  2026-06-01 30000  odometer_below_sale,odometer_below_history  ?
        2026-11-02 39600  2026-11-01 39000  none                                        Y
        2026-11-02 39601  2026-11-01 39000  odometer_implausible                        ?
        2026-11-01 39300  2026-11-01 39000  none                                        Y
        2026-11-01 39301  2026-11-01 39000  odometer_implausible                        ?
        2026-10-01 38000  2026-11-01 39000  none                                        Y
        2026-05-31 30000  2026-05-01 29900  before_sale                                 -
        """
    )

    @Test(arguments: flags.rows) func `a doubtful reading is flagged, and nothing is promised on it`(
        _ row: TextTable.Row
    ) throws {
        let contract = try shipped.contract("plus", .sample(registered: "2020-06-01", inService: "2020-06-01"))
        let question = CoverageQuestion(
            component: shipped.component("变速箱"),
            date: day(row["on"]),
            odometerKm: Int64(row["km"])!,
            lastReading: .init(date: day(row["lastOn"]), km: Int64(row["lastKm"])!)
        )
        let answer = shipped.answer(question, for: contract)
        let flags = answer.flags.map(\.rawValue).joined(separator: ",")
        #expect((flags.isEmpty ? "none" : flags) == row["flags"])
        #expect(CoverTableTests.letter(answer.cover) == row["answer"])
        #expect(answer.notes.contains { $0.id == "X-ODOMETER" } == row["flags"].contains("odometer"))
    }

    @Test func `an answer says deductible, limit, clause and what is left`() throws {
        let contract = try shipped.contract("plus", .sample(registered: "2020-06-01"), deductible: fen(yuan: 500))
        var account = LimitAccount(contract.terms.tier!.limits!)
        try account.reserve(fen(yuan: 10_000), for: "clm_1", "transmission.gearbox")
        try account.pay(fen(yuan: 4_000), for: "clm_1", "transmission.gearbox")
        let question = CoverageQuestion(
            component: shipped.component("阀体"),
            date: day("2026-12-01"),
            odometerKm: 40_000
        )
        let answer = shipped.answer(question, for: contract, accounts: ["plus": account])
        let platform = try #require(answer.payers.first { $0.payer == .platform })
        #expect(platform.deductible == fen(yuan: 500))
        #expect(platform.clauses.map(\.id) == ["I-TRANSMISSION"])
        #expect(platform.left == fen(yuan: 64_400 - 10_000))
        #expect(answer.shows.map(\.id) == ["W-ODOMETER", "W-AUTHORISATION", "W-DIAGNOSIS", "W-SERVICE", "W-INVOICE"])
    }

    @Test func `for half a year the dealer has to prove`() throws {
        let contract = try shipped.contract("plus", .sample(registered: "2020-06-01"))
        for (date, isEarly) in [("2026-12-01", true), ("2026-12-02", false)] {
            let question = CoverageQuestion(component: shipped.component("轮胎"), date: day(date), odometerKm: 40_000)
            #expect(shipped.answer(question, for: contract).notes.contains { $0.id == "F-PROOF" } == isEarly)
        }
    }

    @Test func `the insurer answers once the plan has ended, under its policy`() throws {
        let contract = try shipped.contract("plus", .sample(registered: "2020-06-01"), extensions: ["ext-powertrain"])
        let question = CoverageQuestion(
            component: shipped.component("曲轴"),
            date: day("2028-01-01"),
            odometerKm: 60_000
        )
        let answer = shipped.answer(question, for: contract)
        #expect(answer.firstPayer == .insurer)
        #expect(answer.payers.first { $0.payer == .insurer }?.layer?.policy?.number == "P-ext-powertrain")
    }

    @Test func `what the law grants outlives cancellation and arrears`() throws {
        let sale = SaleFacts.sample(registered: "2023-06-01")
        let question = CoverageQuestion(
            component: shipped.component("曲轴"),
            date: day("2026-07-01"),
            odometerKm: 31_000
        )
        var cancelled = try shipped.contract("plus", sale)
        try cancelled.end(.cancelled, on: day("2026-06-20"), odometerKm: 30_500, accounts: [:])
        let unpaid = try shipped.contract("plus", sale, isPaid: false)
        for (contract, status) in [(cancelled, Contract.Status.cancelled), (unpaid, .lapsed)] {
            let answer = shipped.answer(question, for: contract)
            #expect(answer.status == status)
            #expect(answer.firstPayer == .legalFloor)
            #expect(answer.payers.first { $0.payer == .platform }?.reason.rawValue == status.rawValue)
        }
    }
}

extension [Payer] {
    var sortedByOrder: [Payer] {
        sorted { Payer.allCases.firstIndex(of: $0)! < Payer.allCases.firstIndex(of: $1)! }
    }
}
