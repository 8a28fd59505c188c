import Testing

@testable import Storage

@Suite struct SQLScriptTests {
    private func texts(_ script: String) throws -> [String] {
        try SQLScript.statements(of: script).map(\.text)
    }

    @Test func `each semicolon ends a statement, and the last one may do without`() throws {
        #expect(try texts("A;B ; C") == ["A", "B ", " C"])
    }

    @Test func `what holds nothing but space and comments is no statement`() throws {
        #expect(try texts("") == [])
        #expect(try texts(" ;\n; -- nothing;\n /* ; */ ;") == [])
        #expect(try texts("A; -- the end") == ["A"])
    }

    @Test(arguments: [
        "INSERT INTO t VALUES ('a;b')",
        "INSERT INTO t VALUES ('it''s; so')",
        "SELECT \"odd;name\" FROM t",
        "SELECT \"odd\"\";name\" FROM t",
        "SELECT 1 -- not the end;\n+ 1",
        "SELECT 1 /* not; the 'end */ + 1",
        "SELECT 1 - -1 / 1 * 1",
        "SELECT '--', '/*;'",
        "SELECT '车;信'",
    ])
    func `a semicolon in a quote or a comment ends nothing`(statement: String) throws {
        #expect(try texts(statement + ";" + statement) == [statement, statement])
    }

    @Test(arguments: ["SELECT 'open", "SELECT \"open", "SELECT 1 /* open", "SELECT 'a''"])
    func `a quote or a comment that is left open is refused`(script: String) {
        #expect(throws: StoredDataError.self) { try texts(script) }
    }

    @Test func `a statement of a script has no binds`() throws {
        #expect(try SQLScript.statements(of: "SELECT 1").map(\.binds) == [[]])
    }
}
