import Core
import Cryptography
import Identity
import Ledger
import Storage
import Web

/// Who reported: what a reader is told of a source.
struct ReportSource: Sendable, Hashable {
    let role: Role
    let name: String

    /// The sources of a chain, by identifier.
    static func all(_ tx: any Transaction, of rows: [StoredRow]) throws -> [String: ReportSource] {
        var sources: [String: ReportSource] = [:]
        for row in rows {
            let id = try Envelope.parse(Array(row.envelope.utf8)).source
            guard sources[id] == nil, let organizationID = OrganizationID(id) else { continue }
            sources[id] = try Organizations.find(tx, organizationID).map {
                ReportSource(role: $0.kind.role, name: $0.name)
            }
        }
        return sources
    }
}

/// What is made of a car's chain for people: the summary, the report, the chart.
struct CarReport: Sendable {
    let head: ChainHead
    private let vin: VIN
    private let report: VehicleReport

    /// - Throws: where a stored entry cannot be read: the store is damaged, and a report would hide it.
    init(vin: VIN, rows: [StoredRow], sources: [String: ReportSource], asOf: Instant) throws {
        let entries = try rows.map { try RecordedEvent($0) }
        guard let last = entries.last else { throw Failure(.vehicleUnknown) }
        head = ChainHead(count: last.seq + 1, hash: last.hash, recordedAt: last.recordedAt)
        self.vin = vin
        report = VehicleReport(vin: vin, timeline: Timeline(entries), asOf: asOf) { id in
            sources[id].map { ($0.role, $0.name) }
        }
    }

    /// The plain-language report.
    var document: JSON { report.json }

    var odometerChart: String { report.odometerChart }

    /// What a program wants to know first: who the car is, how much is recorded, and what was found.
    var summary: JSON {
        [
            "vin": JSON(vin.text),
            "warnings": .array(vin.warnings.map(\.json)),
            "entry_count": .integer(head.count),
            "head": JSON(head.hash.hex),
            "last_recorded_at": JSON(head.recordedAt),
            "identity": report.identityJSON,
            "findings": .array(report.findings.map(\.json)),
        ]
    }
}
