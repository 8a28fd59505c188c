import Foundation
import SourceText
import Support
import Testing

@testable import Storage
@testable import StoreMove

/// How the engines reach what the product's statements ask for: never by reading a big table from end to end. Every
/// statement is taken from where it is declared.
@Suite struct PlanTests {
    @Test func `SQLite searches every table`() async throws {
        let store = try await TestStore.open()
        for statement in try ProductStatement.all() {
            let scans = try await SQLitePlan(statement.text, on: store.database).scans
            #expect(scans == [], "\(statement)")
        }
    }

    /// A table may be searched by the first column of its key and read from there on, where an index knows more.
    @Test func `SQLite takes the index that knows most of what is asked for`() async throws {
        let store = try await TestStore.open()
        for statement in try ProductStatement.all() {
            let plan = try await SQLitePlan(statement.text, on: store.database)
            guard let search = plan.onlySearch, let wanted = statement.equalColumns else { continue }
            let (known, isOneRow) = try await store.database.read { tx in
                (try mostKnown(of: wanted, in: search.table, tx), try search.isUnique(tx))
            }
            #expect(search.equalColumns >= known || isOneRow, "\(statement) \(statement.text)")
        }
    }

    /// How many of the first columns of an index are asked for, at most.
    private func mostKnown(of columns: Set<String>, in table: String, _ tx: any Transaction) throws -> Int {
        let indexes = try tx.rows("SELECT name FROM pragma_index_list(\(table))").map { try $0.text(0) }
        return try indexes.map { index in
            let indexed = try tx.rows("SELECT name FROM pragma_index_info(\(index))").map { try $0.text(0) }
            return indexed.prefix { columns.contains($0.uppercased()) }.count
        }.max() ?? 0
    }

    @Test func `a search by less than an index knows is found`() async throws {
        let store = try await TestStore.open()
        let text = "SELECT line FROM inventory_import_row WHERE import = ? AND vin = ? ORDER BY number LIMIT ?"
        let bytes = Array(text.utf8)
        let statement = ProductStatement(
            path: "",
            statement: try #require(Statement(bytes, lines: bytes.map { _ in 1 }))
        )
        let search = try #require(try await SQLitePlan(text, on: store.database).onlySearch)
        let known = try await store.database.read {
            try mostKnown(of: statement.equalColumns ?? [], in: search.table, $0)
        }
        #expect(known == 2)
        #expect(search.equalColumns == 1)
    }

    @Test func `PostgreSQL reaches every table by an index, and one part of it where the key is named`() async throws {
        let statements = try ProductStatement.all()
        let plans = try await PostgresPlan.explain(statements.map(\.text))
        for (statement, plan) in zip(statements, plans) {
            #expect(plan.scans == [], "\(statement)\n\(plan.text)")
            #expect(plan.sorts == [], "\(statement)\n\(plan.text)")
            if !statement.isWalk { #expect(plan.partsRead <= 1, "\(statement)\n\(plan.text)") }
        }
    }

    private static let scanning = [
        "SELECT vin FROM entry WHERE envelope = ?", "SELECT COUNT(*) FROM vehicle",
        "UPDATE entry SET payload = NULL WHERE seq = ?", "UPDATE vehicle SET entry_count = ? WHERE head_hash = ?",
        "SELECT digest FROM entry_ref WHERE vin = ?", "SELECT status FROM idempotency WHERE scope = ?",
    ]

    @Test(arguments: scanning)
    func `a statement that reads a big table from end to end is found`(sql: String) async throws {
        let store = try await TestStore.open()
        let isSearched = sql.contains("idempotency")
        #expect(try await SQLitePlan(sql, on: store.database).scans.isEmpty == isSearched)
        let plan = try #require(try await PostgresPlan.explain([sql]).first)
        #expect(!plan.scans.isEmpty || plan.partsRead > 1, "\(plan.text)")
    }

    @Test func `the statements of the product are found`() throws {
        let statements = try ProductStatement.all()
        #expect(statements.count >= 40)
        #expect(statements.contains { $0.text.contains("INSERT INTO entry ") })
    }
}

/// A statement of the product, and where it stands.
struct ProductStatement: Sendable, CustomStringConvertible {
    let path: String
    let statement: Statement

    var text: String { statement.text }
    var description: String { "\(path):\(statement.tokens[0].line)" }

    /// Goes through a table in the order of an index, some rows at a time: a walk, or a sweep of what has run out.
    var isWalk: Bool {
        statement.has("LIMIT ?") && !statement.has("VIN = ?") && !statement.has("CHAIN = ?")
    }

    /// The columns that are held against one value each, where the statement asks one table by AND alone.
    var equalColumns: Set<String>? {
        let words = statement.tokens.map(\.text)
        guard let start = words.firstIndex(of: "WHERE"), words.count(where: { $0 == "SELECT" }) <= 1 else { return nil }
        let end = words[start...].firstIndex { ["ORDER", "LIMIT", "GROUP", "RETURNING"].contains($0) } ?? words.count
        let condition = Array(words[start..<end])
        guard Set(condition).isDisjoint(with: ["OR", "NOT", "EXISTS", "(", "."]) else { return nil }
        return Set(
            condition.indices.dropLast(2).filter { condition[($0 + 1)...].starts(with: ["=", "?"]) }.map {
                condition[$0]
            }
        )
    }

    /// The engines' own statements aside.
    static func all() throws -> [ProductStatement] {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let names = FileManager.default.enumerator(atPath: root.appending(path: "Sources").path)
        let paths = (names?.allObjects ?? []).compactMap { $0 as? String }.filter { path in
            path.hasSuffix(".swift") && !path.hasPrefix("Storage") && path != madeOfTables
        }
        let files = try paths.sorted().map { path in
            let bytes = Array(try Data(contentsOf: root.appending(path: "Sources/\(path)")))
            return SourceFile(path: path, bytes: bytes, text: SwiftText(bytes))
        }
        return files.flatMap { $0.statements(among: files) } + moved
    }

    /// Where the statements are made out of a list of tables.
    private static let madeOfTables = "StoreMove/MovedTable.swift"

    private static var moved: [ProductStatement] {
        MovedTable.all.compactMap { table in
            let page = Array(table.page(after: table.beginning, limit: 1).text.utf8)
            return Statement(page, lines: page.map { _ in 1 }).map { ProductStatement(path: table.name, statement: $0) }
        }
    }
}

private struct SourceFile {
    let path: String
    let bytes: [UInt8]
    let text: SwiftText
    let parts: [String: [UInt8]]

    init(path: String, bytes: [UInt8], text: SwiftText) {
        (self.path, self.bytes, self.text) = (path, bytes, text)
        parts = Statement.parts(in: text)
    }

    func statements(among files: [SourceFile]) -> [ProductStatement] {
        Statement.all(in: text, of: bytes) { part($0, among: files) }
            .filter { ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains($0.tokens[0].text) }
            .map { ProductStatement(path: path, statement: $0) }
    }

    /// `columns` stands in this file, `ListingStore.columns` in the one that declares `enum ListingStore`.
    private func part(_ name: String, among files: [SourceFile]) -> [UInt8]? {
        let words = name.split(separator: ".").map(String.init)
        guard words.count == 2 else { return parts[name] }
        return files.first { !$0.parts.isEmpty && $0.declares(words[0]) }?.parts[words[1]]
    }

    private func declares(_ type: String) -> Bool {
        String(decoding: text.code, as: UTF8.self).contains("enum \(type) {")
    }
}

private struct SQLitePlan {
    private let lines: [String]

    /// `SCAN entry`, and the like; a `SEARCH` is by an index.
    var scans: [String] {
        lines.filter { line in
            line.hasPrefix("SCAN ") && !line.hasPrefix("SCAN CONSTANT ROW") && !line.hasPrefix("SCAN step")
        }
    }

    /// `SEARCH listing USING INDEX listing_by_car (dealer=? AND vin=?)`, where that is all.
    var onlySearch: Search? {
        guard lines.count == 1, let line = lines.first, line.hasPrefix("SEARCH ") else { return nil }
        let words = line.split(separator: " ").map(String.init)
        let name = words.firstIndex(of: "INDEX").map { words[$0 + 1] }
        return Search(
            table: words[1],
            index: name,
            equalColumns: line.split(separator: "=?", omittingEmptySubsequences: false).count - 1
        )
    }

    struct Search {
        let table: String
        /// `nil` for the primary key.
        let index: String?
        let equalColumns: Int

        /// Whether one row at the most is found by it.
        func isUnique(_ tx: any Transaction) throws -> Bool {
            guard let index else { return false }
            let indexes: SQL = """
                SELECT name FROM pragma_index_list(\(table)) WHERE name = \(index) AND "unique" = \(1)
                """
            let columns = try tx.rows("SELECT name FROM pragma_index_info(\(index))")
            return try tx.first(indexes) != nil && columns.count == equalColumns
        }
    }

    init(_ sql: String, on database: any Database) async throws {
        let filled = sql.split(separator: "?", omittingEmptySubsequences: false).joined(separator: "1")
        let rows = try await database.write { try $0.rows(SQL(migration: "EXPLAIN QUERY PLAN \(filled)")) }
        lines = try rows.map { try $0.text(3) }
    }
}

private struct PostgresPlan {
    let text: String

    /// Of a table, or of an index from end to end.
    var scans: [Substring] {
        zip(lines, lines.dropFirst() + [""]).filter { line, next in
            line.contains("Seq Scan") || line.contains(" using ") && !next.contains("Index Cond")
        }.map(\.0)
    }

    /// An index in the wrong order would have everything read before the first row comes.
    var sorts: [Substring] { lines.filter { $0.hasSuffix("Sort") } }

    /// Of the table of which most are.
    var partsRead: Int {
        let parts = lines.filter { $0.contains("Scan") }.compactMap { line in
            line.split(separator: " ").first { $0.contains("_p") && $0.last?.isNumber == true }
        }
        return Dictionary(grouping: Set(parts)) { $0.dropLast(2) }.values.map(\.count).max() ?? 0
    }

    private var lines: [Substring] { text.split(separator: "\n") }

    /// Plans for whatever value comes, as a server keeps them. With scans made dear, one that remains is there because
    /// no index would do: the tables are empty, and an empty table is always fastest to scan.
    static func explain(_ statements: [String]) async throws -> [PostgresPlan] {
        let cluster = try await PostgresCluster.shared()
        let url = try await cluster.makeDatabase()
        defer { cluster.drop(url) }
        let settings = ["plan_cache_mode = force_generic_plan", "enable_seqscan = off", "enable_sort = off"]
        let script = settings.map { "SET \($0);\n" }.joined() + statements.map(explanation).joined()
        let output = try await cluster.query(script, url: url)
        return output.split(separator: "---\n", omittingEmptySubsequences: true).map { PostgresPlan(text: String($0)) }
    }

    private static func explanation(of sql: String) -> String {
        let parts = sql.split(separator: "?", omittingEmptySubsequences: false)
        let numbered = parts.enumerated().map { $0 == 0 ? String($1) : "$\($0)\($1)" }.joined()
        // Text that reads as a number serves for a parameter of every type.
        let values = parts.count == 1 ? "" : "(\(parts.dropFirst().map { _ in "'1'" }.joined(separator: ", ")))"
        return "\\echo ---\nPREPARE q AS \(numbered);\nEXPLAIN (COSTS OFF) EXECUTE q\(values);\nDEALLOCATE q;\n"
    }
}
