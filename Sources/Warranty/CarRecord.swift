package import Core
import History
import Listings
package import Storage

/// What the history of a car says, as far as a warranty goes by it.
package struct CarRecord: Sendable {
    /// What is proven, by the names of findings.
    package let findings: Set<String>
    /// Of the platform's own inspection; what others say of a car is no grade.
    package let grade: Int64?
    package let readings: [CoverageQuestion.Reading]
    /// Announced, and not remedied: the campaign, and what it says it is about.
    package let openRecalls: [(campaign: String, component: String?)]
    let timeline: Timeline

    package init(_ tx: any Transaction, vin: VIN) throws {
        let rows = try Histories.rows(tx, vin: vin)
        timeline = Timeline(try rows.map { try RecordedEvent($0) })
        let proven = Findings.all(timeline, asOf: tx.now).filter { $0.state == .yes }
        findings = Set(proven.map(\.code.rawValue))
        grade = InspectedGrade.newest(timeline)
        readings = OdometerSeries(timeline).points.map { point in
            CoverageQuestion.Reading(date: point.reading.date, km: point.reading.km)
        }
        openRecalls = CarRecord.openRecalls(timeline)
    }

    private static func openRecalls(_ timeline: Timeline) -> [(campaign: String, component: String?)] {
        func campaign(_ item: Timeline.Item) -> String? { item.data?["campaign"]?.stringValue }
        let done = Set(timeline.holding.filter { $0.event.kind == .recallDone }.compactMap(campaign))
        return timeline.holding.filter { $0.event.kind == .recallAnnounced }.compactMap { item in
            guard let name = campaign(item), !done.contains(name) else { return nil }
            return (name, item.data?["component"]?.stringValue)
        }
    }

    /// The highest up to a day: an odometer that is sound never shows less later.
    package func highest(upTo date: CalendarDate) -> CoverageQuestion.Reading? {
        readings.filter { $0.date <= date }.max { $0.km < $1.km }
    }
}
