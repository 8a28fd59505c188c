import Core
import Support
import Testing

@testable import History

@Suite("Findings: scrap age") struct FindingsScrapTests {
    /// Every car was registered on 2012-06-15 and last read at 80,000 km, unless the row says otherwise.
    static let cases = TextTable(
        """
        as_of      | state     | history
        2024-06-01 | not_known | 2012-06-15 registered
        2024-06-01 | no        | 2012-06-15 registered use=private
        2024-06-01 | no        | 2012-06-15 registered use=government seats=9
        2031-06-14 | no        | 2012-06-15 registered use=company seats=10
        2031-06-15 | yes       | 2012-06-15 registered use=company seats=10
        2019-06-14 | no        | 2012-06-15 registered use=taxi
        2019-06-15 | yes       | 2012-06-15 registered use=taxi
        2020-06-15 | yes       | 2012-06-15 registered use=taxi
        2021-06-15 | yes       | 2012-06-15 registered use=other_commercial
        2021-06-14 | no        | 2012-06-15 registered use=passenger_transport
        2021-06-15 | yes       | 2012-06-15 registered use=driving_school
        2026-06-14 | no        | 2012-06-15 registered use=rental
        2026-06-15 | yes       | 2012-06-15 registered use=freight
        2024-06-01 | not_known | 2012-06-15 registered use=ride_hailing
        # A former taxi keeps the taxi's eight years in private hands.
        2019-06-15 | yes       | 2012-06-15 registered use=taxi; 2016-06-15 transferred use=private
        2019-06-14 | no        | 2012-06-15 registered use=taxi; 2016-06-15 transferred use=private
        # Three private years, then a taxi: ⌊3 + 14/17 × 8⌋ = 9 years, also after the next taxi owner.
        2020-06-14 | no        | 2012-06-15 registered use=private; 2015-06-15 transferred use=taxi
        2020-06-15 | yes       | 2012-06-15 registered use=private; 2015-06-15 transferred use=taxi
        2020-06-14 | no | 2012-06-15 registered use=private; 2015-06-15 transferred use=taxi; 2016 transferred use=taxi
        # Between commercial uses the stricter limit.
        2019-06-15 | yes       | 2012-06-15 registered use=rental; 2015-06-15 transferred use=taxi
        # A use that nobody stated can only shorten the life that is known.
        2019-06-15 | yes       | 2012-06-15 registered use=taxi; 2016-06-15 transferred
        2019-06-14 | not_known | 2012-06-15 registered use=taxi; 2016-06-15 transferred
        2024-06-01 | not_known | 2016-06-15 transferred use=private
        """
    )

    @Test(arguments: cases.rows)
    func `each use has its limit`(_ row: TextTable.Row) throws {
        let history = WrittenHistory(row["history"] + "; 2012-07-01 odometer.read odometer_km=80000")
        let finding = try #require(history.finding(.scrapAge, asOf: row["as_of"]))
        #expect(finding.state.rawValue == row["state"], "\(finding.sentence.en)")
        #expect(
            finding.severity == (finding.state == .yes ? .critical : finding.state == .no ? .information : .warning)
        )
    }

    static let mileages = TextTable(
        """
        km     | use            | state
        539999 | private        | no
        540000 | private        | yes
        600000 | private        | yes
        449999 | driving_school | no
        450000 | driving_school | yes
        540000 | not_known      | yes
        539999 | not_known      | not_known
        """
    )

    @Test(arguments: mileages.rows)
    func `the advised scrap mileage is told from nine tenths on`(_ row: TextTable.Row) throws {
        let history = WrittenHistory(
            """
            2018-06-15 vehicle.registered use=\(row["use"])
            2019-01-01 odometer.read odometer_km=100000
            2023-01-01 odometer.read odometer_km=\(row["km"])
            """
        )
        let finding = try #require(history.finding(.scrapAge, asOf: "2024-06-01"))
        #expect(finding.state.rawValue == row["state"])
        if finding.state == .yes { #expect(finding.severity == .warning) }
    }

    @Test func `a private car without a reading has no answer`() {
        #expect(WrittenHistory("2018-06-15 vehicle.registered use=private").finding(.scrapAge)?.state == .notKnown)
    }

    @Test func `a mistyped mileage does not scrap a car`() {
        let history = WrittenHistory(
            """
            2018-06-15 vehicle.registered use=private
            2019-01-01 odometer.read odometer_km=60000
            2019-01-20 odometer.read odometer_km=600000
            2019-02-01 odometer.read odometer_km=61000
            """
        )
        #expect(history.finding(.scrapAge)?.state == .no)
    }

    @Test func `the limits are never presented as law`() throws {
        let sources = FindingCode.scrapAge.sources
        #expect(sources.map(\.basis) == [.law, .recalledNotRead])
        #expect(sources.first?.article == "29(3)")
    }
}
