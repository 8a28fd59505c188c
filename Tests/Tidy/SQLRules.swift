extension Rule {
    private static func isSQL(_ file: SourceFile) -> Bool {
        file.path.hasPrefix("Sources/") || file.path.hasPrefix("Migrations/")
    }

    static let sql = [
        Rule("columns are named", instead: "name every column that is read, in order") { file in
            guard isSQL(file) else { return [] }
            return selectStarLines(in: file.strings).map { Finding(line: $0, what: "`SELECT *`") }
        },
        Rule(
            "pages go by key",
            forbids: ["OFFSET"],
            in: \.strings,
            instead: "`WHERE key > last` with a cursor",
            where: isSQL
        ),
        Rule(
            "texts are compared whole",
            forbids: ["LIKE"],
            in: \.strings,
            instead: "`=`, a range, or a column made for the search",
            where: isSQL
        ),
        Rule(
            "keys are made by the program",
            forbids: ["AUTOINCREMENT"],
            in: \.strings,
            instead: "an `ID`, or `INTEGER PRIMARY KEY` with a number of our own",
            where: isSQL
        ),
        Rule(
            "time comes from the transaction",
            forbids: [
                "NOW()", "now()", "datetime(", "DATETIME(", "strftime(", "julianday(", "CURRENT_TIMESTAMP",
                "CURRENT_DATE",
            ],
            in: \.strings,
            instead: "bind `tx.now`",
            where: isSQL
        ),
        Rule(
            "what happens stands in the verb",
            forbids: ["CREATE TRIGGER", "CREATE TEMP TRIGGER"],
            in: \.strings,
            instead: "write the second statement in the same transaction",
            where: isSQL
        ),
        Rule("a commit is on the disk", instead: "`PRAGMA synchronous = FULL`") { file in
            guard !file.isPartOfTidy, !file.path.hasPrefix("Tests/") else { return [] }
            return weakSynchronousLines(in: file.isSwift ? file.strings : file.bytes).map {
                Finding(line: $0, what: "`synchronous` below `FULL`")
            }
        },
    ]

    private static func selectStarLines(in text: [UInt8]) -> [Int] {
        text.indices.filter { index in
            guard text[index] == UInt8(ascii: "S"), text[index...].starts(with: "SELECT".utf8) else { return false }
            let rest = text[(index + 6)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            return rest.first == UInt8(ascii: "*")
        }.map { text.line(at: $0) }
    }

    /// `synchronous = NORMAL`, `synchronous=off`, `synchronous = 1` and the like.
    private static func weakSynchronousLines(in text: [UInt8]) -> [Int] {
        let lines = String(decoding: text, as: UTF8.self).lowercased().split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        return lines.enumerated().compactMap { index, line in
            let parts = line.split(separator: "synchronous", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            let value = parts[1].filter { $0 != " " && $0 != "'" && $0 != "\"" }
            let isWeak = ["=normal", "=off", "=0", "=1"].contains { value.hasPrefix($0) }
            return isWeak ? index + 1 : nil
        }
    }
}
