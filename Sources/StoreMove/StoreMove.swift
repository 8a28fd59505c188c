package import Storage

/// Moves a store into an empty one, whichever engines the two are on.
///
/// The source is sealed first, and the seals are noted in the target. Then every table is copied in the order of its
/// key, in batches that are committed one by one: a move that was broken off goes on behind the last row that arrived.
/// At the end the source is sealed again, which tells whether it stood still, and then the target, which tells whether
/// everything arrived as it was.
package struct StoreMove: Sendable {
    private let source: any Database
    private let target: any Database
    private let rowsPerCommit: Int
    private let report: @Sendable (Progress) -> Void

    package enum Phase: String, Sendable {
        case sealing = "reading the source"
        case copying = "copying"
        case comparing = "reading the source again"
        case verifying = "verifying the target"
    }

    package struct Progress: Sendable, Hashable {
        package let phase: Phase
        package let table: String
        package let rows: Int64
        /// `nil` where nobody has counted them yet.
        package let total: Int64?
        /// The last report of this phase on this table.
        package let isLast: Bool
    }

    /// Enough for it to be worth the commit, few enough to fit in memory whatever they hold.
    private static let usualRowsPerCommit = 500

    package init(
        from source: any Database,
        to target: any Database,
        rowsPerCommit: Int? = nil,
        report: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.source = source
        self.target = target
        self.rowsPerCommit = rowsPerCommit ?? StoreMove.usualRowsPerCommit
        self.report = report
    }

    /// - Parameter verify: looks at the moved store in its own way before it is declared whole; what it throws leaves
    ///   the move unfinished.
    /// - Returns: what was moved.
    /// - Throws: `MoveRefusal`.
    package func run(verify: () async throws -> Void = {}) async throws -> [TableSeal] {
        let note = try await target.read { try MoveNote.read($0) }
        if note == nil { try await refuseOtherData() }
        let seals = try await seal(source, .sealing, totals: [:])
        try await begin(noted: note, seals)
        let totals = Dictionary(uniqueKeysWithValues: seals.map { ($0.table, $0.rows) })
        for table in MovedTable.all { try await copy(table, total: totals[table.name] ?? 0) }
        if let table = difference(seals, try await seal(source, .comparing, totals: totals)) {
            throw MoveRefusal.sourceChanged(table: table)
        }
        if let table = difference(seals, try await seal(target, .verifying, totals: totals)) {
            throw MoveRefusal.targetDiffers(table: table)
        }
        try await verify()
        try await target.write { try MoveNote.remove($0) }
        return seals
    }

    private func refuseOtherData() async throws {
        for table in MovedTable.all {
            let isEmpty = try await target.read { try $0.first(table.page(after: table.beginning, limit: 1)) == nil }
            if !isEmpty { throw MoveRefusal.targetNotEmpty(table: table.name) }
        }
    }

    private func begin(noted: String?, _ seals: [TableSeal]) async throws {
        guard let noted else { return try await target.write { try MoveNote.write($0, seals) } }
        guard noted == MoveNote.text(of: seals) else { throw MoveRefusal.otherSource }
    }

    private func difference(_ expected: [TableSeal], _ found: [TableSeal]) -> String? {
        zip(expected, found).first { $0 != $1 }?.0.table
    }
}

extension StoreMove {
    private func seal(_ database: any Database, _ phase: Phase, totals: [String: Int64]) async throws -> [TableSeal] {
        var seals: [TableSeal] = []
        for table in MovedTable.all {
            var sealing = Sealing()
            var tally = Tally(phase: phase, table: table.name, total: totals[table.name], report: report)
            for try await rows in TablePages(table, in: database, rowLimit: rowsPerCommit) {
                sealing.add(rows)
                tally.add(rows)
            }
            tally.end()
            seals.append(sealing.seal(of: table.name))
        }
        return seals
    }

    /// Begins behind the last row that the target has: rows only ever come in the order of their key.
    private func copy(_ table: MovedTable, total: Int64) async throws {
        var key = table.beginning
        var tally = Tally(phase: .copying, table: table.name, total: total, report: report)
        for try await rows in TablePages(table, in: target, rowLimit: rowsPerCommit) {
            if let last = rows.last { key = table.key(of: last) }
            tally.add(rows)
        }
        for try await rows in TablePages(table, in: source, rowLimit: rowsPerCommit, after: key) {
            do {
                _ = try await target.write { tx in try tx.execute(all: rows.map(table.insert)) }
            } catch is UniqueViolation {
                throw MoveRefusal.targetDiffers(table: table.name)
            }
            tally.add(rows)
        }
        tally.end()
    }

    private struct Tally {
        let phase: Phase
        let table: String
        let total: Int64?
        let report: @Sendable (Progress) -> Void
        var rows: Int64 = 0

        mutating func add(_ page: [Row]) {
            rows += Int64(page.count)
            report(Progress(phase: phase, table: table, rows: rows, total: total, isLast: false))
        }

        func end() {
            report(Progress(phase: phase, table: table, rows: rows, total: total, isLast: true))
        }
    }
}

/// Why a store is not moved, or not yet.
package enum MoveRefusal: Error, Sendable, Hashable {
    case targetNotEmpty(table: String)
    /// The target has a part of another store, or of this one as it was.
    case otherSource
    case sourceChanged(table: String)
    case targetDiffers(table: String)
}
