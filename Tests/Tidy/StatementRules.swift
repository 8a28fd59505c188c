import SourceText

/// The part of SQL that every engine has: SQLite, PostgreSQL, and those that spread PostgreSQL's tables over machines.
extension Rule {
    static let statements = [
        Rule(
            "rows are locked by their change alone",
            refuses: [
                "LOCK TABLE", "FOR UPDATE", "FOR SHARE", "FOR NO KEY", "FOR KEY SHARE", "SKIP LOCKED",
                "PG_ADVISORY_LOCK", "PG_ADVISORY_XACT_LOCK", "PG_TRY_ADVISORY_LOCK", "PG_TRY_ADVISORY_XACT_LOCK",
            ],
            instead: "compare-and-swap on a version, `ON CONFLICT`, or a row of `lease`"
        ),
        Rule(
            "keys are no engine's numbers",
            refuses: [
                "SERIAL", "BIGSERIAL", "SMALLSERIAL", "AUTOINCREMENT", "AS IDENTITY", "CREATE SEQUENCE", "NEXTVAL",
                "CURRVAL", "LASTVAL", "LAST_INSERT_ROWID", "SELECT ROWID", "WHERE ROWID", ". ROWID", "BY ROWID", "CTID",
                "GEN_RANDOM_UUID",
            ],
            instead: "an `ID`, or a number counted in a row of our own"
        ),
        Rule(
            "nothing happens behind a statement",
            refuses: [
                "TRIGGER", "CREATE FUNCTION", "CREATE PROCEDURE", "CREATE RULE", "CREATE OR REPLACE", "PLPGSQL",
                "MATERIALIZED VIEW", "CREATE EXTENSION", "CREATE TYPE", "CREATE DOMAIN", "GENERATED", "DEFERRABLE",
                "EXCLUDE USING", "INHERITS",
            ],
            instead: "a second statement in the same transaction"
        ),
        Rule(
            "texts are searched by their bytes",
            refuses: ["LIKE", "ILIKE", "SIMILAR TO", "GLOB", "REGEXP", "~", "~*", "!~"],
            instead: "`=`, a range, or a column made for the search"
        ),
        Rule(
            "the program reads JSON",
            refuses: [
                "->", "->>", "#>", "#>>", "@>", "<@", "JSON_EXTRACT", "JSON_EACH", "JSON_SET", "JSONB_SET", "JSON",
                "JSONB", "JSON_BUILD_OBJECT", "JSONB_BUILD_OBJECT", "JSON_OBJECT", "JSON_GROUP_ARRAY", "JSON_AGG",
            ],
            instead: "a column for what statements ask for; JSON as text"
        ),
        Rule(
            "no statement asks for the time",
            refuses: [
                "NOW (", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "LOCALTIMESTAMP",
                "CLOCK_TIMESTAMP", "STATEMENT_TIMESTAMP", "TRANSACTION_TIMESTAMP", "DATE_TRUNC", "DATE_PART",
                "EXTRACT (",
                "AGE (", "DATE (", "TIME (", "DATETIME (", "STRFTIME", "JULIANDAY", "UNIXEPOCH", "TO_TIMESTAMP",
                "INTERVAL", "RANDOM (",
            ],
            instead: "bind `tx.now`"
        ),
        Rule(
            "columns are named in every place",
            refuses: ["SELECT *", ". *", "RETURNING *", "SELECT DISTINCT *", "ALL *", ", * "],
            instead: "name every column, in order"
        ),
        Rule(
            "a statement leaves nothing in its session",
            refuses: [
                "TEMP", "TEMPORARY", "PREPARE", "DEALLOCATE", "LISTEN", "NOTIFY", "UNLISTEN", "PG_NOTIFY", "DECLARE",
                "DISCARD", "SET SESSION", "SET SEARCH_PATH",
            ],
            instead: "what every connection has; pools hand each transaction another one"
        ),
        Rule(
            "statements can be spread over machines",
            refuses: [
                "MERGE INTO", "WITH RECURSIVE", "AS ( INSERT", "AS ( UPDATE", "AS ( DELETE", "MATERIALIZED ( INSERT",
                "TABLESAMPLE", "LATERAL", "OFFSET", "FETCH FIRST", "FULL JOIN", "FULL OUTER", "NATURAL JOIN",
                "CROSS JOIN", "EXISTS ( SELECT", "IN ( SELECT", "OVER ( )", "OVER ( ORDER", "GROUPING SETS", "CUBE (",
                "ROLLUP (",
            ],
            instead: "single steps by key, one after the other in a transaction"
        ),
        Rule(
            "every engine reads the statement",
            refuses: [
                "^ SET", "^ PRAGMA", "^ VACUUM", "^ DO", "INSERT OR", "REPLACE INTO", "UPDATE OR", "IFNULL",
                "GROUP_CONCAT", "STRING_AGG", "CHANGES (",
                "TYPEOF (", "INDEXED BY", "DISTINCT ON", "::", "ANY (", "ARRAY [", "ARRAY_AGG", "UNNEST", "DELETE ONLY",
                "FROM ONLY", "USING (", "ON DUPLICATE", "ON CONFLICT ON CONSTRAINT", "RETURNING OLD", "RETURNING NEW",
                "GREATEST", "LEAST", "ENCODE (", "DECODE (", "HEX (", "CONCAT (", "NOCASE", "CITEXT", "SET_CONFIG",
            ],
            instead: "standard SQL that SQLite and PostgreSQL both have",
            where: { !$0.path.hasPrefix("Sources/Storage") }
        ),
        Rule("RETURNING gives the row that was written", instead: "`INSERT … RETURNING`, one table, no join") { file in
            file.statements.flatMap { statement in
                let isChange = ["INSERT", "UPDATE", "DELETE"].contains(statement.tokens[0].text)
                let joins = statement.tokens[0].text == "UPDATE" && statement.has("FROM")
                return isChange && !joins ? [] : statement.lines(of: "RETURNING")
            }.map { Finding(line: $0, what: "`RETURNING`") }
        },
        Rule("statements begin with their verb", instead: "one literal a statement, its verb in capitals first") {
            file in
            guard file.isSwift, file.path.hasPrefix("Sources/"), !file.target.hasPrefix("Storage") else { return [] }
            let starts = Set(file.statements.flatMap(\.tokens).map(\.line))
            return ["SELECT", "INSERT INTO", "DELETE FROM", "ON CONFLICT"].flatMap { word in
                file.strings.lines(of: word).filter { !starts.contains($0) }
                    .map { Finding(line: $0, what: "`\(word)`") }
            }
        },
    ]

    /// A rule that refuses tokens that follow one another, in every statement of the product; behind `^`, only where
    /// the statement begins with them.
    init(
        _ name: String,
        refuses sequences: [String],
        instead replacement: String,
        where applies: @escaping @Sendable (SourceFile) -> Bool = { _ in true }
    ) {
        self.init(name, instead: replacement) { file in
            guard applies(file) else { return [] }
            return file.statements.flatMap { statement in
                sequences.flatMap { sequence in
                    statement.lines(of: sequence).map { Finding(line: $0, what: "`\(sequence)`") }
                }
            }
        }
    }
}
