import Core
import Support
import Testing
import Warranty

struct PeriodTests {
    /// Delivered on `from` at 30,000 km.
    static let standings = TextTable(
        """
        plan     from        on          km     standing
        basic    2026-06-01  2026-05-31  30000  not_yet
        basic    2026-06-01  2026-06-01  30000  in_force
        basic    2026-06-01  2026-09-01  30000  in_force
        basic    2026-06-01  2026-09-02  30000  expired_by_date
        basic    2026-06-01  2026-07-01  35000  in_force
        basic    2026-06-01  2026-07-01  35001  expired_by_odometer
        basic    2026-06-01  2026-09-02  35001  expired_by_date
        basic    2026-11-30  2027-02-28  30000  in_force
        basic    2026-11-30  2027-03-01  30000  expired_by_date
        basic    2027-11-30  2028-02-29  30000  in_force
        basic    2027-11-30  2028-03-01  30000  expired_by_date
        basic    2026-12-31  2027-03-31  30000  in_force
        basic    2026-12-31  2027-04-01  30000  expired_by_date
        plus     2026-06-01  2026-06-01  30000  waiting
        plus     2026-06-01  2026-06-16  30000  waiting
        plus     2026-06-01  2026-06-17  30000  in_force
        plus     2026-06-01  2026-06-10  30500  waiting
        plus     2026-06-01  2026-06-10  30501  in_force
        plus     2026-06-01  2027-06-16  30000  in_force
        plus     2026-06-01  2027-06-17  30000  expired_by_date
        plus     2026-06-01  2027-01-01  50500  in_force
        plus     2026-06-01  2027-01-01  50501  expired_by_odometer
        premium  2026-06-01  2026-06-16  30000  waiting
        premium  2026-06-01  2026-06-17  30000  in_force
        premium  2026-06-01  2029-06-16  80500  in_force
        premium  2026-06-01  2029-06-17  80500  expired_by_date
        premium  2026-06-01  2029-06-16  80501  expired_by_odometer
        premium  2028-02-14  2028-02-29  30000  waiting
        premium  2028-02-14  2028-03-01  30000  in_force
        premium  2028-02-14  2031-02-28  30000  in_force
        premium  2028-02-14  2031-03-01  30000  expired_by_date
        """
    )

    @Test(arguments: standings.rows) func `a plan ends by date or odometer, and waiting is added at its end`(
        _ row: TextTable.Row
    ) throws {
        let sale = SaleFacts.sample(registered: "2025-06-01", sold: row["from"])
        let contract = try shipped.contract(row["plan"], sale)
        let tier = try #require(contract.terms.tier)
        #expect(contract.standing(of: tier, on: day(row["on"]), Int64(row["km"])!).rawValue == row["standing"])
    }

    /// plus until 2027-06-16 or 50,500 km, then ext-powertrain for 24 months or 40,000 km.
    static let following = TextTable(
        """
        on          km     tier                 extension
        2026-06-01  30000  waiting              not_yet
        2027-06-16  50500  in_force             not_yet
        2027-06-17  40000  expired_by_date      in_force
        2027-01-01  50501  expired_by_odometer  in_force
        2029-06-16  90500  expired_by_date      in_force
        2029-06-17  60000  expired_by_date      expired_by_date
        2028-01-01  90501  expired_by_date      expired_by_odometer
        """
    )

    @Test(arguments: following.rows) func `an extension begins when the plan has ended`(_ row: TextTable.Row) throws {
        let contract = try shipped.contract("plus", extensions: ["ext-powertrain"])
        let (date, km) = (day(row["on"]), Int64(row["km"])!)
        let layers = contract.terms.soldLayers
        #expect(contract.standing(of: layers[0], on: date, km).rawValue == row["tier"])
        #expect(contract.standing(of: layers[1], on: date, km).rawValue == row["extension"])
    }

    static let comparisons = TextTable(
        """
        term           | other          | at least
        3 months 5000  | 3 months 5000  | yes
        3 months 5000  | 2 months 5000  | yes
        2 months 5000  | 3 months 5000  | no
        3 months 4999  | 3 months 5000  | no
        3 months 5000  | 60 days 3000   | yes
        3 months 5000  | 89 days 3000   | yes
        3 months 5000  | 90 days 3000   | no
        91 days 5000   | 3 months 5000  | no
        92 days 5000   | 3 months 5000  | yes
        1 months 5000  | 28 days 5000   | yes
        1 months 5000  | 29 days 5000   | no
        12 months 5000 | 365 days 5000  | yes
        12 months 5000 | 366 days 5000  | no
        """
    )

    private static func term(_ text: String) -> Term {
        let words = text.split(separator: " ")
        let count = Int(words[0])!
        return Term(words[1] == "days" ? .days(count) : .months(count), km: Int64(words[2])!)
    }

    @Test(arguments: comparisons.rows) func `a term is at least another only if it is on every day of the calendar`(
        _ row: TextTable.Row
    ) {
        #expect(Self.term(row["term"]).isAtLeast(Self.term(row["other"])) == (row["at least"] == "yes"))
    }

    /// A car first invoiced on `inService`, asked on a day at a reading.
    static let manufacturers = TextTable(
        """
        inService   use         on          km     place
        2024-06-01  private     2024-06-01  0      inside
        2024-06-01  private     2026-06-01  30000  inside
        2024-06-01  private     2027-06-01  60000  inside
        2024-06-01  private     2027-06-02  60000  expired_by_date
        2024-06-01  private     2027-06-01  60001  expired_by_odometer
        2024-06-01  private     2026-06-01  60001  expired_by_odometer
        2024-06-01  commercial  2026-06-01  30000  none
        2019-06-01  private     2026-06-01  30000  expired_by_date
        """
    )

    @Test(arguments: manufacturers.rows) func `the maker owes three years or 60,000 km from the first invoice`(
        _ row: TextTable.Row
    ) {
        let sale = SaleFacts.sample(
            registered: row["inService"],
            use: SaleFacts.Use(rawValue: row["use"])!,
            inService: row["inService"]
        )
        let cover = shipped.manufacturer.cover(for: sale)
        let place = cover?.period.place(of: day(row["on"]), Int64(row["km"])!).rawValue ?? "none"
        #expect(place == row["place"])
        #expect(cover?.isStartAssumed != true)
    }

    @Test func `without the first invoice the registration stands in for it, and is flagged`() {
        #expect(shipped.manufacturer.cover(for: .sample())?.isStartAssumed == true)
    }

    @Test func `a maker's better promise holds, a lesser one takes nothing away`() {
        var sale = SaleFacts.sample(inService: "2024-06-01")
        sale.makersPromise = .init(until: day("2032-06-01"), odometerKm: 160_000)
        #expect(shipped.manufacturer.cover(for: sale)?.period.end == day("2032-06-01"))
        sale.makersPromise = .init(until: day("2025-06-01"), odometerKm: 20_000)
        #expect(shipped.manufacturer.cover(for: sale)?.period.end == day("2027-06-01"))
        #expect(shipped.manufacturer.cover(for: sale)?.period.endKm == 60_000)
    }
}
