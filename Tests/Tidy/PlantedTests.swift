import Testing

/// A file that breaks one rule on one line, to show that the rule can fail.
struct Planted: Sendable, CustomTestStringConvertible {
    let rule: String
    let file: SourceFile
    let line: Int

    init(_ rule: String, _ path: String, _ text: String, line: Int = 1, isTracked: Bool = false) {
        self.rule = rule
        self.file = SourceFile(path: path, bytes: Array(text.utf8), isTracked: isTracked)
        self.line = line
    }

    var testDescription: String { "\(rule): \(file.path)" }
}

@Suite struct PlantedTests {
    private static let planted = imports + words + sql + sizesAndFiles + PlantedStatements.all

    private static let imports = [
        Planted("imports only point down", "Sources/Core/A.swift", "import Cryptography\n"),
        Planted("imports only point down", "Sources/Ledger/A.swift", "import Core\nimport Storage\n", line: 2),
        Planted("imports only point down", "Sources/Web/A.swift", "package import Identity\n"),
        Planted("imports only point down", "Sources/Identity/A.swift", "@testable import struct History.Entry\n"),
        Planted("imports only point down", "Sources/Web/A.swift", "import Web\n"),
        Planted("imports only point down", "Migrations/A.swift", "import Web\n"),
        Planted("imports only point down", "Sources/Nowhere/A.swift", "\n"),
        Planted("some modules have few importers", "Sources/History/A.swift", "\nimport GRDB\n", line: 2),
        Planted("some modules have few importers", "Sources/Storage/A.swift", "import GRDBSQLite\n"),
        Planted("some modules have few importers", "Sources/History/A.swift", "import Hummingbird\n"),
        Planted("some modules have few importers", "Sources/Identity/A.swift", "internal import HummingbirdCore\n"),
        Planted("some modules have few importers", "Sources/Ledger/A.swift", "import COpenSSL\n"),
        Planted("some modules have few importers", "Sources/Identity/A.swift", "import CLibSodium\n"),
        Planted("some modules have few importers", "Tests/HistoryTests/A.swift", "import StorageSQLite\n"),
        Planted("some modules have few importers", "Sources/History/A.swift", "import Migrations\n"),
        Planted("Core and Ledger are closed", "Sources/Core/A.swift", "import Foundation\n"),
        Planted("Core and Ledger are closed", "Sources/Ledger/A.swift", "import FoundationEssentials\n"),
        Planted("Core and Ledger are closed", "Sources/Ledger/A.swift", "import Logging\n"),
    ]

    private static let words = [
        Planted(
            "nothing crashes on purpose",
            "Sources/Web/A.swift",
            "func a() {\n    fatalError(\"no\")\n}\n",
            line: 2
        ),
        Planted("nothing crashes on purpose", "Sources/chexin/A.swift", "let a = try! b()\n"),
        Planted("nothing crashes on purpose", "Sources/Web/A.swift", "let a = \"\\(try! b())\"\n"),
        Planted("nothing is printed", "Sources/Web/A.swift", "print(1)\n"),
        Planted("nothing is printed", "Sources/Web/A.swift", "/* a\n*/ Swift.print(1)\n", line: 2),
        Planted("nothing is left for later", "Deploy/run", "echo\n# TODO more\n", line: 2),
        Planted("nothing is left for later", "Sources/Web/A.swift", "// FIXME\n"),
        Planted("nothing is left for later", "README.md", "XXX\n"),
        Planted("no floating point", "Sources/Web/A.swift", "let a: Double = 1\n"),
        Planted("no floating point", "Sources/History/A.swift", "\n\nlet a = Float(1)\n", line: 3),
        Planted("no floating point", "Sources/Core/A.swift", "let a: [Decimal] = []\n"),
        Planted("access ends at the package", "Sources/Core/A.swift", "public struct A {}\n"),
        Planted("no path of one machine", "Deploy/run", "cd /home/somebody/chexin\n"),
        Planted("no path of one machine", "Tests/WebTests/A.swift", "let a = \"/root/main\"\n"),
        Planted("no path of one machine", "README.md", "\nopen /Users/somebody\n", line: 2),
        Planted("the repository needs nothing beside it", "Tests/WebTests/A.swift", "// see ../shared/a.json\n"),
        Planted("secrets are compared in constant time", "Sources/Web/A.swift", "\nif token == other {}\n", line: 2),
        Planted("secrets are compared in constant time", "Sources/Web/A.swift", "if a.b != self.keyHMAC.bytes {}\n"),
        Planted("secrets are compared in constant time", "Sources/Web/A.swift", "a == client_secret\n"),
        Planted("secrets are compared in constant time", "Sources/Web/A.swift", "let a = b.mac==c\n"),
        Planted("secrets are compared in constant time", "Sources/Web/A.swift", "peppers == c\n"),
    ]

    private static let sql = [
        Planted("columns are named", "Sources/History/A.swift", "let a = \"SELECT * FROM b\"\n"),
        Planted("columns are named", "Migrations/SQLite/a.sql", "-- a\nSELECT\n    * FROM b;\n", line: 2),
        Planted(
            "pages go by key",
            "Sources/History/A.swift",
            "let a = \"\"\"\n    LIMIT 1\n    OFFSET 2\n    \"\"\"\n",
            line: 3
        ),
        Planted("texts are compared whole", "Sources/History/A.swift", "let a: SQL = \"a LIKE \\(b)\"\n"),
        Planted("keys are made by the program", "Migrations/SQLite/a.sql", "id INTEGER PRIMARY KEY AUTOINCREMENT\n"),
        Planted("time comes from the transaction", "Migrations/SQLite/a.sql", "a INTEGER DEFAULT NOW()\n"),
        Planted("time comes from the transaction", "Sources/History/A.swift", "let a = \"datetime('now')\"\n"),
        Planted("what happens stands in the verb", "Migrations/SQLite/a.sql", "CREATE TRIGGER a\n"),
        Planted("a commit is on the disk", "Sources/StorageSQLite/A.swift", "\"PRAGMA synchronous = NORMAL\"\n"),
        Planted("a commit is on the disk", "Migrations/SQLite/a.sql", "\nPRAGMA synchronous=off;\n", line: 2),
        Planted("a commit is on the disk", "Deploy/run", "sqlite3 a 'PRAGMA Synchronous = 1'\n"),
    ]

    private static let sizesAndFiles = [
        Planted("files are short", "Sources/Web/A.swift", String(repeating: "\n", count: 401), line: 401),
        Planted("lines are short", "Tests/WebTests/A.swift", "\n// " + String(repeating: "车 ", count: 59), line: 2),
        Planted("lines are short", "Migrations/SQLite/a.sql", String(repeating: "a ", count: 61)),
        Planted("functions are short", "Sources/Web/A.swift", "\n" + function("func a()", lines: 61), line: 2),
        Planted(
            "functions are short",
            "Sources/Web/A.swift",
            "struct A {\n\(function("init?()", lines: 61))}\n",
            line: 2
        ),
        Planted("functions are short", "Tests/WebTests/A.swift", function("subscript(a: Int) -> Int", lines: 61)),
        Planted("functions are short", "Sources/Web/A.swift", function("func a(b: () -> Void = {})", lines: 61)),
        Planted(
            "functions are short",
            "Sources/Web/A.swift",
            "protocol A { func b() }\n" + function("func c()", lines: 61),
            line: 2
        ),
        Planted("no store and no key is committed", "Deploy/a.pem", "", isTracked: true),
        Planted("no store and no key is committed", "chexin.sqlite-wal", "", isTracked: true),
        Planted("scripts can be run", "Deploy/run", "#!/bin/sh\n"),
        Planted("scripts can be run", ".ci/run", ""),
    ]

    @Test(arguments: planted)
    func `a planted violation is found on its line`(planted: Planted) throws {
        let rule = try #require(Rule.all.first { $0.name == planted.rule })
        let violations = rule.violations(in: [planted.file])
        #expect(violations.count == 1)
        #expect(violations.first?.hasPrefix("\(planted.file.path):\(planted.line): ") == true, "\(violations)")
        #expect(violations.first?.hasSuffix("Instead: \(rule.replacement)") == true)
    }

    @Test func `every rule has a planted violation and a name of its own`() {
        let names = Rule.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Set(names) == Set(Self.planted.map(\.rule)))
    }

    /// What looks like a violation and is none.
    private static let innocent = [
        SourceFile(path: "Sources/Core/A.swift", bytes: Array("#if canImport(Glibc)\n    import Glibc\n#endif\n".utf8)),
        SourceFile(
            path: "Sources/chexin/A.swift",
            bytes: Array("import History\nimport StorageSQLite\nprint(1)\n".utf8)
        ),
        SourceFile(path: "Tests/WebTests/A.swift", bytes: Array("@testable import Web\nlet a = try! b()\n".utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array("// fatalError( try! print( Double import GRDB\n".utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array("let a = #\"try! \"print(\" fatalError(\"#\n".utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array("func `a Double is // no number`() {}\n".utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array("let a = blueprint(1) + isDouble + reTODO\n".utf8)),
        SourceFile(path: "Sources/Ledger/A.swift", bytes: Array("public import Core\n".utf8)),
        SourceFile(path: "Sources/OpenAPI/a.yaml", bytes: Array("public: Double\n".utf8)),
        SourceFile(path: "Sources/Web/PrometheusText.swift", bytes: Array("let a: Double = 1\n".utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array("let a = \"/v1/home/a ./root/a /home/\"\n".utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array("token.count == 3 && token != nil\n".utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array("machine == 1 && tokenizer == 2\n".utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array("let a = \"SELECT a, COUNT(*) FROM b\"\n".utf8)),
        SourceFile(
            path: "Sources/Web/A.swift",
            bytes: Array("let OFFSET = \"like what? PRAGMA synchronous = FULL\"\n".utf8)
        ),
        SourceFile(path: "Migrations/SQLite/a.sql", bytes: Array("-- no LIKE, no OFFSET, no SELECT *\n".utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array(String(repeating: "\n", count: 400).utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array(function("func a()", lines: 60).utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array(function("struct A", lines: 300).utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array(function("var a: [B]", lines: 300).utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array(function("let a: B =", lines: 300).utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array(String(repeating: "车 ", count: 60).utf8)),
        SourceFile(path: "Sources/Web/A.swift", bytes: Array(String(repeating: "a", count: 200).utf8)),
        SourceFile(path: "Deploy/run", bytes: Array("#!/bin/sh\n".utf8), isExecutable: true),
        SourceFile(path: "Deploy/units.service", bytes: Array("[Unit]\n".utf8)),
        SourceFile(path: "chexin.sqlite", bytes: [], isTracked: false),
    ]

    @Test(arguments: innocent + PlantedStatements.innocent)
    func `what only looks like a violation is left alone`(file: SourceFile) {
        #expect(Rule.all.flatMap { $0.violations(in: [file]) } == [])
    }

    private static func function(_ head: String, lines: Int) -> String {
        "\(head) {\n" + String(repeating: "    if a { b(c: [{ d }]) }\n", count: lines - 2) + "}\n"
    }
}
