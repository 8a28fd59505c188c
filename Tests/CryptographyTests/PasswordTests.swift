import Core
import Testing

@testable import Cryptography

struct PasswordTests {
    private func bytes(_ text: String) throws -> [UInt8] {
        try Password(entered: text).secret.withUnsafeBytes { Array($0) }
    }

    private func fault(_ body: () throws(TextFault) -> Password) -> String? {
        do throws(TextFault) {
            _ = try body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `the same password composed and decomposed is the same`() throws {
        #expect(try bytes("caf\u{E9}") == Array("caf\u{E9}".utf8))
        #expect(try bytes("cafe\u{301}") == Array("caf\u{E9}".utf8))
        #expect(try bytes("\u{1112}\u{1161}\u{11AB}") == Array("\u{D55C}".utf8))
    }

    @Test func `case and width stay as they were typed`() throws {
        #expect(try bytes("Ab") != bytes("ab"))
        #expect(try bytes("\u{FF21}") != bytes("A"))
    }

    @Test(arguments: ["\u{3000}", "\u{A0}", "\u{2003}"])
    func `every space is the same space, and none is cut off`(space: String) throws {
        #expect(try bytes("\(space)correct\(space)horse\(space)") == Array(" correct horse ".utf8))
    }

    @Test(arguments: [
        (1, nil as String?), (127, nil), (128, nil), (129, "length"), (0, "length"), (100_000, "length"),
    ])
    func `lengths are counted in scalars`(count: Int, code: String?) {
        #expect(fault { () throws(TextFault) in try Password(entered: String(repeating: "车", count: count)) } == code)
    }

    @Test func `nothing is cut off`() throws {
        let long = String(repeating: "😀", count: 127)
        #expect(try bytes(long + "a") != bytes(long + "b"))
        #expect(try bytes(long + "a").count == 127 * 4 + 1)
    }

    @Test(arguments: [
        ("a\u{0}b", "control_character"), ("a\nb", "control_character"), ("a\tb", "control_character"),
        ("a\u{7F}b", "control_character"), ("a\u{2028}b", "control_character"), ("a\u{378}b", "unassigned_character"),
        ("a\u{FFFF}b", "unassigned_character"),
    ])
    func `what cannot be typed again for certain is refused`(text: String, code: String) {
        #expect(fault { () throws(TextFault) in try Password(entered: text) } == code)
    }

    @Test func `a chosen password is longer than an entered one has to be`() {
        #expect(fault { () throws(TextFault) in try Password(entered: "Tr0ub4dor&3") } == nil)
        #expect(fault { () throws(TextFault) in try Password(choosing: "Tr0ub4dor&3") } == "length")
        #expect(fault { () throws(TextFault) in try Password(choosing: "Tr0ub4dor&3.") } == nil)
    }

    @Test func `is never printed`() throws {
        let password = try Password(entered: "hunter2hunter2")
        var dumped = ""
        dump(password, to: &dumped)
        for text in ["\(password)", String(reflecting: password), dumped, "\([password])"] {
            #expect(!text.contains("hunter2"))
        }
    }
}

struct PasswordStrengthTests {
    private static let context = ["张伟", "Zhang Wei", "+86 138-1234-5678", "wei.zhang@hongda-auto.cn", "宏达二手车"]

    /// The last column is the length that is left for a guesser; 8 is enough.
    private static let table = """
        aaaaaaaaaaaa|1
        abababababab|2
        123456789012|3
        abcdefghijkl|1
        lkjihgfedcba|1
        qwertyuiop12|3
        1qaz2wsx3edc|1
        poiuytrewq99|3
        password1234|2
        P@ssw0rd1234|2
        passwordpassword|1
        correctcorrect|7
        hunter2hunter2|2
        iloveyou2024|2
        woaini5201314|2
        chexin2024!!|4
        车信二手车2026|3
        zhangwei1990|2
        zhang.wei@hongda-auto.cn|10
        wei.zhang@hongda-auto.cn|1
        weizhanghongdaautocn|1
        13812345678a|2
        8613812345678|1
        12345678abcd|2
        张伟张伟1234|3
        张伟138123456|3
        correct horse battery staple|28
        correcthorsebatterystaple|25
        xkfjwmqpzrtv|12
        我家门前有两棵枣树啊|10
        Tr0ub4dor&3.|12
        """

    @Test(arguments: table.split(separator: "\n").map(String.init))
    func `what is guessed as one piece counts once`(row: String) throws {
        let cells = row.split(separator: "|")
        let strength = PasswordStrength(context: Self.context)
        let text = Array(cells[0].lowercased().unicodeScalars)
        #expect(strength.effectiveLength(text) == Int(cells[1]))
    }

    @Test func `what has fewer pieces than the shortest password is refused`() throws {
        #expect(throws: TextFault.self) { try Password(choosing: "chexin2024!!") }
        #expect(throws: TextFault.self) { try Password(choosing: "Zhangwei1990", context: Self.context) }
        #expect(throws: TextFault.self) { try Password(choosing: "aabbccddaabbccdd") }
        #expect(throws: TextFault.self) { try Password(choosing: "aabbaaccbbaaddbb") }
        _ = try Password(choosing: "xkfjwmqpzrtv", context: Self.context)
        _ = try Password(choosing: "我家门前有两棵枣树，一棵", context: Self.context)
    }

    @Test func `no kind of character has to be there`() throws {
        for text in ["wnvkzrhqptmd", "WNVKZRHQPTMD", "928461750382", "!)(%&#}@?;~^"] {
            _ = try Password(choosing: text)
        }
    }

    @Test func `only who has the words for a context is refused for them`() throws {
        _ = try Password(choosing: "hongda-auto.cn+")
        #expect(throws: TextFault.self) { try Password(choosing: "hongda-auto.cn+", context: Self.context) }
    }

    @Test func `the words are in lower case and each stands there once`() {
        #expect(CommonPasswords.words.allSatisfy { $0 == $0.lowercased() })
        #expect(Set(CommonPasswords.words).count == CommonPasswords.words.count)
        #expect(CommonPasswords.words.count > 200)
    }
}
