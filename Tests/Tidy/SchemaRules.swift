import SourceText

/// Tables that grow with the country's cars: how statements reach them, and how they are declared.
enum BigTables {
    /// Each with the column by whose hash it lies in parts.
    static let partitionKeys = [
        "AUDIT_RECORD": "CHAIN", "ENTRY": "VIN", "ENTRY_HASH": "HASH", "ENTRY_REF": "DIGEST",
        "IDEMPOTENCY": "KEY_DIGEST", "VEHICLE": "VIN",
    ]
    /// What is written there stays.
    static let appendOnly: Set<String> = [
        "AUDIT_RECORD", "BOOK_JOURNAL", "BOOK_POSTING", "ENTRY", "ENTRY_HASH", "ENTRY_REF", "LOG_CHECKPOINT",
        "LOG_LEAF",
        "LOG_PLACE", "LOG_VEHICLE", "SUBJECT_READ",
    ]
}

extension Rule {
    static let schema = [
        Rule("big tables are reached by key", instead: "name the key by `=`, or walk an index in order up to a LIMIT") {
            file in
            guard file.path.hasPrefix("Sources/") else { return [] }
            return file.statements.flatMap(bigTablesWithoutKey).map {
                Finding(line: $0.line, what: "`\($0.text.lowercased())` without its key")
            }
        },
        Rule("what was written stays", instead: "append a correction; only a payload is ever erased") { file in
            guard file.path.hasPrefix("Sources/") else { return [] }
            return file.statements.flatMap { statement in
                ["UPDATE", "DELETE FROM", "TRUNCATE", "TRUNCATE TABLE", "DROP TABLE", "ALTER TABLE"].flatMap {
                    statement.following($0).filter { BigTables.appendOnly.contains($0.text) }
                }.filter { _ in !statement.has("UPDATE ENTRY SET PAYLOAD = NULL WHERE") }
            }.map { Finding(line: $0.line, what: "a change of `\($0.text.lowercased())`") }
        },
        Rule("columns have types that both engines hold", instead: "`BIGINT`, `INTEGER`, `TEXT`, `BLOB` or `BYTEA`") {
            file in
            guard file.path.hasPrefix("Migrations/") else { return [] }
            return file.statements.flatMap(\.columns).compactMap { column in
                let types = ["BIGINT", "INTEGER", "TEXT", file.isPostgres ? "BYTEA" : "BLOB"]
                guard !types.contains(column.type.text) || column.next?.text == "[" else { return nil }
                return Finding(line: column.type.line, what: "`\(column.type.text)`")
            }
        },
        Rule("texts sort by their bytes", instead: "`TEXT COLLATE \"C\"`, as SQLite sorts them") { file in
            guard file.isPostgres else { return [] }
            return file.statements.flatMap(\.columns).compactMap { column in
                guard column.type.text == "TEXT", column.next?.text != "COLLATE" else { return nil }
                return Finding(line: column.type.line, what: "a text without its collation")
            }
        },
    ]

    /// Every mention of a big table that the statement reads or writes without saying which part of it.
    private static func bigTablesWithoutKey(_ statement: Statement) -> [Statement.Token] {
        let mentions = ["FROM", "JOIN", "INTO", "UPDATE"].flatMap(statement.following)
        return mentions.filter { mention in
            guard let key = BigTables.partitionKeys[mention.text] else { return false }
            if statement.has("INSERT INTO \(mention.text)") { return !statement.insertedColumns.contains(key) }
            return !statement.names(key, of: mention.text) && !statement.walksInOrder
        }
    }
}

extension SourceFile {
    fileprivate var isPostgres: Bool { path.hasSuffix(".postgres.sql") }
}

extension Statement {
    struct Column {
        let type: Token
        let next: Token?
    }

    /// Of a CREATE TABLE, with what follows the type.
    var columns: [Column] {
        guard tokens[0].text == "CREATE", has("TABLE"), !has("PARTITION OF") else { return [] }
        var depth = 0
        var columns: [Column] = []
        for index in tokens.indices.dropLast(2) {
            let begins = tokens[index].text == (depth == 0 ? "(" : ",") && depth < 2
            if tokens[index].text == "(" { depth += 1 }
            if tokens[index].text == ")" { depth -= 1 }
            // What follows the list of columns, as in `PARTITION BY HASH (vin)`, is another list.
            if depth == 0, !columns.isEmpty { break }
            guard begins, depth == 1, !isConstraint(tokens[index + 1]) else { continue }
            columns.append(Column(type: tokens[index + 2], next: index + 3 < tokens.count ? tokens[index + 3] : nil))
        }
        return columns
    }

    private func isConstraint(_ token: Token) -> Bool {
        ["PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "CONSTRAINT"].contains(token.text)
    }

    var insertedColumns: Set<String> {
        guard let open = tokens.firstIndex(where: { $0.text == "(" }) else { return [] }
        return Set(tokens[open...].prefix { $0.text != ")" }.map(\.text))
    }

    /// `vin = ?`, `entry.vin = …`, `… = entry.vin`, `vin IN (…)` or `(scope, key_digest) IN (…)`.
    func names(_ key: String, of table: String) -> Bool {
        let forms = [
            "\(table) . \(key) =", "\(table) . \(key) IN", "= \(table) . \(key)", "WHERE \(key) =", "WHERE \(key) IN",
            "AND \(key) =", "AND \(key) IN", ", \(key) ) IN", "WHERE ( \(key) ,",
        ]
        return forms.contains(where: has)
    }

    /// From a place in an index on, and no further than told.
    var walksInOrder: Bool {
        let comparisons = [">", ">=", "<", "<="]
        let ordered = following("ORDER BY").map(\.text)
        return has("LIMIT ?")
            && ordered.contains { column in
                comparisons.contains { has("\(column) \($0) ?") || has("( \(column) ,") && has(") \($0) ( ?") }
            }
    }
}
