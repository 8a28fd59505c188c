import Core
import Storage
import Support
import Synchronization
import Testing

@testable import StoreMove

@Suite struct StoreMoveTests {
    private func filled(_ engine: Engine = .sqlite) async throws -> TestStore {
        let store = try await TestStore.open(engine)
        try await Filling.fill(store)
        return store
    }

    private func move(_ source: TestStore, _ target: any Database) -> StoreMove {
        StoreMove(from: source.database, to: target, rowsPerCommit: 25)
    }

    /// Every row of every table, as both engines give it.
    private func contents(_ store: TestStore) async throws -> [String: [Row]] {
        var contents: [String: [Row]] = [:]
        for table in MovedTable.all {
            for try await rows in TablePages(table, in: store.database, rowLimit: 100) {
                contents[table.name, default: []] += rows
            }
        }
        return contents
    }

    @Test(arguments: Engine.allCases, Engine.allCases)
    func `a store arrives whole on either engine`(from: Engine, to: Engine) async throws {
        let source = try await filled(from)
        let target = try await TestStore.open(to)
        let seals = try await move(source, target.database).run()
        let expected = try await contents(source)
        #expect(try await contents(target) == expected)
        #expect(expected.count == MovedTable.all.count, "every table has rows")
        #expect(seals.map(\.table) == MovedTable.all.map(\.name))
        #expect(seals.first { $0.table == "entry" }?.rows == Int64(Filling.manyRows + 4))
        #expect(try await target.database.read { try !MoveNote.stands(in: $0) })
    }

    @Test(arguments: Engine.allCases)
    func `a move that breaks off at any commit goes on and loses nothing`(engine: Engine) async throws {
        let source = try await filled()
        let expected = try await contents(source)
        var commits = 1
        var breaks = 0
        while true {
            let target = try await TestStore.open(engine)
            let last = commits
            let fragile = InterruptedDatabase(target.database) { if $0 == last { throw Interruption() } }
            do {
                _ = try await move(source, fragile).run()
                break
            } catch is Interruption {
                breaks += 1
            }
            #expect(try await target.database.read { try MoveNote.stands(in: $0) } == (commits > 1))
            let counted = InterruptedDatabase(target.database) { _ in }
            _ = try await move(source, counted).run()
            #expect(try await contents(target) == expected)
            #expect(counted.writeCount <= fragile.writeCount + expected.count + 14, "what had arrived stays")
            // On the slower engine a break in every fifth commit shows as much.
            commits += engine == .sqlite ? 1 : 5
        }
        #expect(breaks > 4)
    }

    @Test func `what had arrived is not sent again`() async throws {
        let source = try await filled()
        let whole = InterruptedDatabase(try await TestStore.open().database) { _ in }
        _ = try await move(source, whole).run()
        let target = try await TestStore.open()
        let half = whole.writeCount / 2
        let fragile = InterruptedDatabase(target.database) { if $0 == half { throw Interruption() } }
        await #expect(throws: Interruption.self) { try await move(source, fragile).run() }
        let rest = InterruptedDatabase(target.database) { _ in }
        _ = try await move(source, rest).run()
        #expect(rest.writeCount + half - 2 <= whole.writeCount)
    }

    @Test(arguments: MovedTable.all.map(\.name))
    func `a target with other data in any table is refused`(table: String) async throws {
        let full = try await filled()
        let target = try await TestStore.open()
        let rows = try await contents(full)
        // A row cannot come without what it refers to.
        let parents = [
            "api_key": "organization", "signing_key": "organization", "listing": "organization",
            "listing_photo": "listing",
            "subject_value": "subject", "subject_read": "subject", "subject_hold": "subject",
            "person": "organization", "certificate": "person", "invitation": "organization", "session": "person",
            "outbox_message": "subject",
            "inventory_import": "organization", "import_mapping": "organization",
            "pricing_in_force": "pricing_rule_set", "pricing_estimate": "pricing_rule_set",
            "stock_alert_days": "organization", "warranty_quote": "organization", "warranty": "organization",
            "book_posting": "book_account", "watch": "organization", "claim": "organization",
            "dealer_suspension": "organization", "dealer_notice": "organization", "suspended_listing": "listing",
        ]
        // These refer to two rows; all others have one line of ancestors.
        let edition = "warranty_edition"
        let second = [
            "listing_photo": "photo", "warranty_quote": edition, "warranty": edition, "book_posting": "book_journal",
        ]
        let others = second[table].map { [$0] } ?? []
        let ancestors = sequence(first: table) { parents[$0] }.reversed()
        for name in ancestors.dropLast() + others + [table] {
            let moved = try #require(MovedTable.all.first { $0.name == name })
            let some = try #require(rows[name])
            _ = try await target.database.write { try $0.execute(all: some.map(moved.insert)) }
        }
        await #expect(throws: MoveRefusal.targetNotEmpty(table: ancestors.first ?? table)) {
            try await move(full, target.database).run()
        }
    }

    @Test func `a byte that changed on the way is noticed`() async throws {
        let changes: [(table: String, change: SQL)] = [
            ("entry", "UPDATE entry SET envelope = '{2 }' WHERE vin = 'VIN-1' AND seq = 2"),
            ("entry", "UPDATE entry SET payload = NULL WHERE vin = 'VIN-0' AND seq = 0"),
            ("vehicle", "UPDATE vehicle SET entry_count = 3 WHERE vin = 'VIN-2'"),
            ("organization", "UPDATE organization SET uscc = '' WHERE id = 'org_B'"),
            ("api_key", "UPDATE api_key SET revoked_at = 0 WHERE id = 'key_1'"),
            ("store_fact", "UPDATE store_fact SET value = 'A' WHERE name = 'a'"),
        ]
        let source = try await filled()
        for (table, change) in changes {
            let target = try await TestStore.open()
            await #expect(throws: Interruption.self) {
                try await move(source, target.database).run { throw Interruption() }
            }
            _ = try await target.database.write { try $0.execute(change) }
            await #expect(throws: MoveRefusal.targetDiffers(table: table)) {
                try await move(source, target.database).run()
            }
        }
    }

    @Test func `a source that changes meanwhile is noticed`() async throws {
        let source = try await filled()
        let target = try await TestStore.open()
        let moving = InterruptedDatabase(target.database) { number in
            guard number == 8 else { return }
            _ = try await source.database.write { tx in
                try tx.execute("UPDATE vehicle SET recorded_at_ms = 6 WHERE vin = 'VIN-0'")
            }
        }
        await #expect(throws: MoveRefusal.sourceChanged(table: "vehicle")) {
            try await move(source, moving).run()
        }
        await #expect(throws: MoveRefusal.otherSource) {
            try await move(source, target.database).run()
        }
    }

    @Test func `what the caller finds leaves the move unfinished`() async throws {
        let source = try await filled()
        let target = try await TestStore.open()
        await #expect(throws: Interruption.self) {
            try await move(source, target.database).run { throw Interruption() }
        }
        #expect(try await target.database.read { try MoveNote.stands(in: $0) })
    }

    @Test func `progress goes up to every table's total`() async throws {
        let source = try await filled()
        let reports = Mutex<[StoreMove.Progress]>([])
        let move = StoreMove(
            from: source.database,
            to: try await TestStore.open().database,
            rowsPerCommit: 25
        ) { progress in
            reports.withLock { $0.append(progress) }
        }
        _ = try await move.run()
        let last = reports.withLock { $0 }.filter { $0.phase == .copying && $0.isLast }
        #expect(last.map(\.table) == MovedTable.all.map(\.name))
        #expect(last.allSatisfy { $0.rows == $0.total })
    }

    /// Who adds a table has to say whether it moves.
    @Test func `every table of the schema moves with all its columns, or is left on purpose`() async throws {
        let store = try await TestStore.open()
        let left: Set = ["lease", "rate_use", "schema_migration", "write_marker"]
        let names = try await store.database.read { tx in
            try tx.rows("SELECT name FROM sqlite_schema WHERE type = 'table'").map { try $0.text(0) }
        }
        #expect(Set(names) == left.union(MovedTable.all.map(\.name)))
        for table in MovedTable.all {
            let columns = try await store.database.read { tx in
                try tx.rows("SELECT name FROM pragma_table_info(\(table.name))").map { try $0.text(0) }
            }
            let inserted = table.insert(Row(columns.map { _ in .null }))
            #expect(inserted.binds.count == columns.count, "\(table.name)")
            for column in columns { #expect(inserted.text.contains(column), "\(table.name).\(column)") }
        }
    }
}
