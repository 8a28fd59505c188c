package import Core
import Cryptography
package import Identity
import Tabular

package enum InventoryImportTag: IDTag {
    package static let prefix = "imp"
}

package typealias InventoryImportID = ID<InventoryImportTag>

/// A file of cars on its way into a dealer's listings.
package struct InventoryImport: Sendable, Hashable {
    package let id: InventoryImportID
    package let dealer: OrganizationID
    /// Whose key sent it.
    let credential: String?
    package let mode: ImportMode
    let shape: FileShape
    package var state: ImportState
    let fileBytes: Int64
    let fileDigest: Digest?
    let rowsTotal: Int64
    let chunksTotal: Int64
    /// The chunk that comes next.
    var position: Int64
    package var counts: ImportCounts
    /// Why it was given up, where that has nothing to do with its rows.
    var defect: String?
    /// Counts the changes.
    package var version: Int64
    let createdAt: Instant
    var startedAt: Instant?
    var finishedAt: Instant?
    /// When the file is thrown away; `nil` where it is gone.
    var fileUntil: Instant?
}

/// What becomes of good rows where others are bad.
package enum ImportMode: String, Sendable, Hashable, CaseIterable {
    /// Nothing is written.
    case validate
    /// Good rows are written if all are good.
    case allOrNothing = "all_or_nothing"
    case skipBad = "skip_bad"
}

package enum ImportState: String, Sendable, Hashable, CaseIterable {
    /// The file is arriving. Nobody is shown such an import.
    case receiving
    case queued
    /// Each row is looked at, and nothing is written.
    case validating
    case applying
    case completed
    /// All or nothing, and not all: nothing was written. Or it was given up.
    case failed
    case cancelled

    package var isFinished: Bool { self == .completed || self == .failed || self == .cancelled }
}

/// What came of the rows so far.
package struct ImportCounts: Sendable, Hashable {
    /// In the pass that is under way.
    package var read: Int64 = 0
    /// Good, and not written, or not yet.
    package var valid: Int64 = 0
    package var created: Int64 = 0
    package var updated: Int64 = 0
    package var unchanged: Int64 = 0
    package var failed: Int64 = 0

    mutating func add(_ status: RowStatus, _ number: Int64 = 1) {
        switch status {
        case .valid: valid += number
        case .created: created += number
        case .updated: updated += number
        case .unchanged: unchanged += number
        case .failed: failed += number
        }
    }
}

package enum RowStatus: String, Sendable, Hashable, CaseIterable {
    case valid
    case created
    case updated
    case unchanged
    case failed
}

/// What came of one row.
struct RowResult: Sendable, Hashable {
    /// Among the rows of the file, from 1.
    let number: Int64
    let line: Int
    var status: RowStatus
    var vin: String?
    var listing: String?
    /// What is wrong; of a row that is not failed, what was left out of it.
    var faults: [RowFault] = []
}

// MARK: - Steps

extension InventoryImport {
    /// Whether the rows of the pass under way are only looked at.
    var isValidating: Bool { state == .validating }

    /// The pass that the first chunk begins.
    mutating func begin(at now: Instant) {
        state = mode == .skipBad ? .applying : .validating
        startedAt = now
    }

    /// A chunk is done.
    mutating func advance(_ rows: Int64, at now: Instant) {
        position += 1
        counts.read += rows
        guard position == chunksTotal else { return }
        switch (mode, state) {
        case (.allOrNothing, .validating) where counts.failed == 0:
            state = .applying
            position = 0
            counts.read = 0
        case (.allOrNothing, .validating): finish(.failed, at: now)
        default: finish(.completed, at: now)
        }
    }

    mutating func finish(_ state: ImportState, at now: Instant) {
        self.state = state
        finishedAt = now
        fileUntil = now.adding(seconds: ImportLimits.fileSeconds)
    }

    /// Of all that has to be done, rounded down. Two passes are half of it each.
    var percent: Int64 {
        if state == .completed || state == .failed && defect == nil { return 100 }
        guard rowsTotal > 0, startedAt != nil else { return 0 }
        guard mode == .allOrNothing else { return counts.read * 100 / rowsTotal }
        let isSecondPass = state == .applying || counts.created + counts.updated + counts.unchanged > 0
        return counts.read * 50 / rowsTotal + (isSecondPass ? 50 : 0)
    }
}

// MARK: - JSON

extension InventoryImport {
    package var json: JSON {
        let path = "/v1/imports/\(id)"
        return [
            "id": JSON(id),
            "dealer": JSON(dealer),
            "state": JSON(state.rawValue),
            "mode": JSON(mode.rawValue),
            "format": JSON(shape.format.rawValue),
            "encoding": .optional(shape.encoding) { JSON($0.rawValue) },
            "file": ["bytes": .integer(fileBytes), "sha256": .optional(fileDigest) { JSON($0.hex) }],
            "columns": columns,
            "counts": [
                "rows_total": .integer(rowsTotal),
                "rows_read": .integer(counts.read),
                "valid": .integer(counts.valid),
                "created": .integer(counts.created),
                "updated": .integer(counts.updated),
                "unchanged": .integer(counts.unchanged),
                "failed": .integer(counts.failed),
            ],
            "percent": .integer(percent),
            "defect": .optional(defect, JSON.string),
            "created_at": JSON(createdAt),
            "started_at": .optional(startedAt) { JSON($0) },
            "finished_at": .optional(finishedAt) { JSON($0) },
            "file_until": .optional(fileUntil) { JSON($0) },
            "links": [
                "self": JSON(path),
                "rows": JSON("\(path)/rows"),
                "failed_rows": JSON("\(path)/failed-rows"),
                "events": JSON("\(path)/events"),
            ],
        ]
    }

    /// What is read of each column, and which are not: a price that is missing everywhere may stand in one of those.
    private var columns: JSON {
        guard case .table(let mapping, _)? = try? shape.reader() else { return .null }
        let read = ListingFields.schema.fields.compactMap { field in
            mapping.column(of: field.name).map { (column: $0, field: field.name) }
        }
        return [
            "read": .array(
                read.sorted { $0.column.number < $1.column.number }.map {
                    ["column": JSON($0.column.number), "heading": JSON($0.column.heading), "field": JSON($0.field)]
                }
            ),
            "unread": .array(
                mapping.unknownColumns.map { ["column": JSON($0.column), "heading": JSON($0.heading)] }
            ),
        ]
    }
}

extension RowResult {
    func json(in language: (LocalizedText) -> String) -> JSON {
        [
            "row": .integer(number),
            "line": JSON(line),
            "status": JSON(status.rawValue),
            "vin": .optional(vin, JSON.string),
            "listing": .optional(listing, JSON.string),
            "errors": .array(status == .failed ? faults.map { $0.json(in: language) } : []),
            "notes": .array(status == .failed ? [] : faults.map { $0.json(in: language) }),
        ]
    }
}

extension RowFault {
    fileprivate func json(in language: (LocalizedText) -> String) -> JSON {
        [
            "pointer": JSON(fault.pointer),
            "code": JSON(fault.code),
            "detail": JSON(language(fault.detail)),
            "column": .optional(column) { JSON($0) },
            "heading": .optional(heading, JSON.string),
        ]
    }
}
