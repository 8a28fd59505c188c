import Core
import Support
import Testing
import Warranty

/// Which tiers a car may have. Sold on 2026-06-01 in Jiangsu by a dealer, where nothing else is said.
struct EligibilityTests {
    /// `registered` and `km` at the sale; `Y` may have it, `L` only because the law says so, `-` may not.
    static let tiers = TextTable(
        """
        registered  km      use         grade findings               basic plus premium
        2026-01-01       0  private     1     -                        Y     Y     Y
        2025-06-01   10000  private     1     -                        Y     Y     Y
        2024-06-01   30000  private     1     -                        Y     Y     Y
        2023-06-01   60000  private     1     -                        Y     Y     Y
        2022-06-01   60000  private     2     -                        Y     Y     Y
        2021-06-02   80000  private     2     -                        Y     Y     Y
        2021-06-01   80000  private     2     -                        Y     Y     Y
        2021-05-31   80000  private     2     -                        Y     Y     -
        2021-06-01  100000  private     2     -                        Y     Y     Y
        2021-06-01  100001  private     2     -                        Y     Y     -
        2020-06-01   90000  private     2     -                        Y     Y     -
        2018-06-01  120000  private     2     -                        Y     Y     -
        2018-05-31  120000  private     2     -                        Y     -     -
        2018-06-01  150000  private     2     -                        Y     Y     -
        2018-06-01  150001  private     2     -                        Y     -     -
        2016-06-01  160000  private     3     -                        Y     -     -
        2014-06-01  199999  private     3     -                        Y     -     -
        2014-06-01  200000  private     3     -                        Y     -     -
        2014-06-01  200001  private     3     -                        -     -     -
        2014-05-31  180000  private     3     -                        -     -     -
        2010-01-01   90000  private     3     -                        -     -     -
        2024-06-01   30000  private     2     -                        Y     Y     Y
        2024-06-01   30000  private     3     -                        Y     Y     -
        2024-06-01   30000  private     4     -                        Y     -     -
        2024-06-01   30000  private     5     -                        Y     -     -
        2024-06-01   30000  private     none  -                        Y     -     -
        2019-06-01   90000  private     none  -                        Y     -     -
        2019-06-01   90000  private     3     -                        Y     Y     -
        2019-06-01   90000  private     4     -                        Y     -     -
        2024-06-01   30000  commercial  1     -                        -     -     -
        2019-06-01   90000  commercial  1     -                        -     -     -
        2024-06-01   30000  private     1     commercial_use           Y     -     -
        2024-06-01   30000  private     1     structural_accident      Y     -     -
        2024-06-01   30000  private     1     odometer_rollback        Y     -     -
        2024-06-01   30000  private     1     odometer_inconsistency   Y     Y     -
        2024-06-01   30000  private     1     open_recall              Y     Y     Y
        2024-06-01   30000  private     1     record_gap               Y     Y     Y
        2024-06-01   30000  private     1     flood                    L     -     -
        2024-06-01   30000  private     1     fire                     L     -     -
        2024-06-01   30000  private     1     total_loss               L     -     -
        2023-06-01   60000  private     5     flood                    L     -     -
        2023-05-31   60000  private     5     flood                    -     -     -
        2023-06-01   60001  private     5     flood                    -     -     -
        2019-06-01   90000  private     1     flood                    -     -     -
        2019-06-01   90000  private     1     fire                     -     -     -
        2019-06-01   90000  private     1     structural_accident      Y     -     -
        2019-06-01   90000  private     2     odometer_inconsistency   Y     Y     -
        """
    )

    @Test(arguments: tiers.rows) func `age, distance, use, grade and history decide the tier`(_ row: TextTable.Row) {
        let sale = SaleFacts.sample(
            registered: row["registered"],
            km: Int64(row["km"])!,
            use: SaleFacts.Use(rawValue: row["use"])!,
            grade: Int64(row["grade"]),
            findings: row["findings"] == "-" ? [] : [row["findings"]]
        )
        for tier in shipped.tiers {
            let eligibility = shipped.eligibility(tier, for: sale)
            #expect(eligibility.isEligible == (row[tier.id] != "-"), "\(tier.id)")
            #expect(eligibility.isByLaw == (row[tier.id] == "L"), "\(tier.id)")
            #expect(eligibility.isEligible || !eligibility.reasons.isEmpty, "a refusal says why")
        }
    }

    static let extensions = TextTable(
        """
        registered  km      energy          grade  tier     powertrain vehicle battery
        2024-06-01   30000  petrol          1      plus     Y          Y       -
        2024-06-01   30000  petrol          1      premium  Y          Y       -
        2024-06-01   30000  petrol          1      basic    -          -       -
        2024-06-01   30000  battery         1      plus     Y          Y       Y
        2024-06-01   30000  plug_in_hybrid  1      premium  Y          Y       Y
        2024-06-01   30000  range_extended  1      premium  Y          Y       Y
        2024-06-01   30000  hybrid          1      premium  Y          Y       -
        2024-06-01   30000  battery         1      basic    -          -       -
        2024-06-01   30000  petrol          3      plus     Y          -       -
        2024-06-01   30000  petrol          none   plus     Y          -       -
        2021-06-01   80000  petrol          2      premium  Y          Y       -
        2021-05-31   80000  petrol          2      plus     Y          -       -
        2021-06-01   80001  petrol          2      plus     Y          -       -
        2019-06-01  120000  petrol          2      plus     Y          -       -
        2019-05-31  120000  petrol          2      plus     -          -       -
        2019-06-01  120001  petrol          2      plus     -          -       -
        2020-06-01  120000  battery         2      plus     Y          -       Y
        2020-05-31  120000  battery         2      plus     Y          -       -
        """
    )

    @Test(arguments: extensions.rows) func `an extension asks for more than its tier`(_ row: TextTable.Row) {
        let sale = SaleFacts.sample(
            registered: row["registered"],
            km: Int64(row["km"])!,
            energy: SaleFacts.Energy(rawValue: row["energy"])!,
            grade: Int64(row["grade"])
        )
        for plan in shipped.extensions {
            let eligibility = shipped.eligibility(plan, for: sale, with: row["tier"])
            #expect(eligibility.isEligible == (row[String(plan.id.dropFirst(4))] == "Y"), "\(plan.id)")
        }
    }

    /// Which rules of law give the buyer of a car what.
    static let floors = TextTable(
        """
        registered  sold        km     use         seller   region  floors
        2023-06-01  2026-06-01  30000  private     dealer   CN-JS   national
        2023-06-01  2026-05-31  30000  private     dealer   CN-JS   national
        2023-05-31  2026-06-01  30000  private     dealer   CN-JS   none
        2023-06-01  2026-06-01  60000  private     dealer   CN-JS   national
        2023-06-01  2026-06-01  60001  private     dealer   CN-JS   none
        2023-06-01  2026-06-01  59999  private     dealer   CN-JS   national
        2023-05-31  2026-06-01  60001  private     dealer   CN-JS   none
        2026-05-01  2026-06-01      0  private     dealer   CN-JS   national
        2026-05-01  2026-06-01  70000  private     dealer   CN-JS   none
        2015-05-01  2026-06-01   5000  private     dealer   CN-JS   none
        2025-05-01  2026-06-01   5000  commercial  dealer   CN-JS   none
        2025-05-01  2026-06-01   5000  private     private  CN-JS   none
        2025-05-01  2026-06-01   5000  private     dealer   CN-ZJ   national,zhejiang
        2015-05-01  2026-06-01 150000  private     dealer   CN-ZJ   zhejiang
        2015-05-01  2026-06-01 150000  commercial  dealer   CN-ZJ   zhejiang
        2015-05-01  2026-06-01 150000  private     private  CN-ZJ   none
        2025-05-01  2026-06-01   5000  private     private  CN-ZJ   none
        2025-05-01  2026-06-01   5000  private     dealer   CN-SH   national
        2024-02-29  2027-02-28  30000  private     dealer   CN-JS   national
        2024-02-29  2027-03-01  30000  private     dealer   CN-JS   none
        2023-11-30  2026-11-30  30000  private     dealer   CN-JS   national
        2023-11-30  2026-12-01  30000  private     dealer   CN-JS   none
        2023-08-31  2026-08-31  60000  private     dealer   CN-ZJ   national,zhejiang
        2023-08-31  2026-09-01  60000  private     dealer   CN-ZJ   zhejiang
        """
    )

    @Test(arguments: floors.rows) func `three years and 60,000 km are both still inside`(_ row: TextTable.Row) {
        let sale = SaleFacts.sample(
            registered: row["registered"],
            sold: row["sold"],
            km: Int64(row["km"])!,
            use: SaleFacts.Use(rawValue: row["use"])!,
            seller: SaleFacts.Seller(rawValue: row["seller"])!,
            region: row["region"]
        )
        let names = shipped.floors(for: sale).map(\.id).joined(separator: ",")
        #expect((names.isEmpty ? "none" : names) == row["floors"])
    }

    /// A price on the line between two packages gets the better one.
    static let packages = TextTable(
        """
        yuan fen package  tier    return expert driving
        0     0  economy  basic   3      -      -
        1     0  economy  basic   3      -      -
        50000 0  economy  basic   3      -      -
        99999 0  economy  basic   3      -      -
        99999 99 economy  basic   3      -      -
        100000 0 standard plus    7      -      -
        100000 1 standard plus    7      -      -
        128800 0 standard plus    7      -      -
        299999 0 standard plus    7      -      -
        299999 99 standard plus   7      -      -
        300000 0 flagship premium -      Y      Y
        300000 1 flagship premium -      Y      Y
        980000 0 flagship premium -      Y      Y
        """
    )

    @Test(arguments: packages.rows) func `the price decides the package, exactly at its line the better one`(
        _ row: TextTable.Row
    ) throws {
        let price = Money(fen: Int64(row["yuan"])! * 100 + Int64(row["fen"])!)
        let package = try #require(shipped.package(for: price))
        #expect(package.id == row["package"])
        #expect(package.tier == row["tier"])
        let giveBack = package.grants.first { $0.kind == "return" }
        #expect(giveBack.map { $0.time } == Int(row["return"]).map { .days($0) })
        #expect(package.grants.contains { $0.kind == "expert" } == (row["expert"] == "Y"))
        #expect(package.grants.contains { $0.kind == "accompanied_driving" } == (row["driving"] == "Y"))
    }

    @Test func `every car gets two free services in its first year, and the subsidy once`() {
        let grants = Dictionary(uniqueKeysWithValues: shipped.grants.map { ($0.kind, $0) })
        #expect(grants["basic_service"]?.count == 2)
        #expect(grants["basic_service"]?.time == .months(12))
        #expect(grants["trade_in_subsidy"]?.count == 1)
        #expect(grants["trade_in_subsidy"]?.value == fen(yuan: 2_000))
        #expect(Set(grants.keys).isSuperset(of: ["rescue", "substitute_driver", "trade_in_valuation"]))
    }

    @Test func `a car too old for its package's tier gets the best below it`() throws {
        let old = SaleFacts.sample(registered: "2019-06-01", km: 90_000, yuan: 350_000)
        let quote = try shipped.quote(QuoteRequest(sale: old))
        #expect(quote.package?.id == "flagship")
        #expect(quote.includedTier == "plus")
        let older = SaleFacts.sample(registered: "2008-06-01", km: 90_000, yuan: 350_000)
        #expect(try shipped.quote(QuoteRequest(sale: older)).includedTier == nil)
    }

    @Test func `a refusal names the finding that stands in the way, and no other`() {
        let sale = SaleFacts.sample(findings: ["structural_accident"])
        let plus = shipped.plan("plus")!
        let reasons = shipped.eligibility(plus, for: sale).reasons
        #expect(reasons.map(\.id) == ["E-FINDING"])
        #expect(reasons.first?.text.zh == "车辆历史和检测中没有：结构性损伤。")
        #expect(reasons.first?.text.en == "Neither history nor inspection has: structural damage.")
    }
}
