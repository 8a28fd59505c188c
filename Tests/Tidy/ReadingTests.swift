import SourceText
import Testing

/// The rules are only as good as what they are given to read.
@Suite struct ReadingTests {
    @Test(arguments: [
        ("a // b \"c\"\nd", "a         \nd", "          \n "),
        ("a /* b /* \" */ c */ d", "a                   d", "                     "),
        ("a(\"b\")", "a(   )", "   b  "),
        ("\"a\\(b(\"c\") + 1)d\" + e", "    b(   ) + 1)   + e", " a     c       d     "),
        ("#\"a\\(b)\\#(c)\"\"# + d", "          c)    + d", "  a\\(b)     \"      "),
        ("\"\"\"\n\"a\" // b\n\"\"\" + c", "   \n        \n    + c", "   \n\"a\" // b\n       "),
        ("\"a\\\"b\\\\\" + c", "         + c", " a\\\"b\\\\     "),
        ("`a \"b\" // c`() + d", "            () + d", "                  "),
        ("\"a\nb", "  \nb", " a\n "),
    ])
    func `code and texts are told apart`(source: String, code: String, strings: String) {
        let text = SwiftText(Array(source.utf8))
        #expect(String(decoding: text.code, as: UTF8.self) == code)
        #expect(String(decoding: text.strings, as: UTF8.self) == strings)
    }

    @Test func `comments keep their place`() {
        let text = SwiftText(Array("a /* b\nc */ d // e".utf8))
        #expect(String(decoding: text.comments, as: UTF8.self) == "  /* b\nc */   // e")
    }

    @Test func `functions are measured from their head to their last brace`() {
        let code = """
            struct A {
                let b = { c }
                func d() { e { f } }
                init(
                    g: () -> Void = { h }
                ) {
                    self.init(i)
                }
                var j: Int {
                    1
                }
            }
            """
        let functions = FunctionScanner.functions(in: Array(code.utf8))
        #expect(functions.map { "\($0.kind) \($0.line) \($0.lineCount)" } == ["func 3 1", "init 4 5"])
    }

    @Test func `git's list of files is read`() {
        let entry = { (path: String, flags: [UInt8], extra: [UInt8]) in
            let bytes = [UInt8](repeating: 1, count: 60) + flags + extra + Array(path.utf8)
            return bytes + [UInt8](repeating: 0, count: 8 - bytes.count % 8)
        }
        let head = Array("DIRC".utf8) + [0, 0, 0, 3, 0, 0, 0, 3]
        let entries =
            entry("a", [0, 1], []) + entry("12345678/é.sqlite", [0, 18], []) + entry("b", [0x40, 1], [0, 0])
        #expect(GitIndex(head + entries + Array("TREE".utf8)).paths == ["a", "12345678/é.sqlite", "b"])
    }

    @Test(
        arguments: [[], Array("DIRC".utf8), Array("DIRC\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{1}".utf8) + [1]]
            as [[UInt8]]
    )
    func `a list that cannot be read has no files`(bytes: [UInt8]) {
        #expect(GitIndex(bytes).paths.isEmpty)
    }
}
