import Core
import Testing

@Suite struct JSONParserTests {
    private static let readable: [(String, JSON)] = [
        ("null", nil),
        (" true ", true),
        ("\t[\r\n]\n", []),
        ("-0", 0),
        ("9007199254740991", .integer(9_007_199_254_740_991)),
        ("-9007199254740991", .integer(-9_007_199_254_740_991)),
        (#""""#, ""),
        (#""\"\\\/\b\f\n\r\tA\u00e9\uD83D\ude02""#, "\"\\/\u{8}\u{C}\n\r\tAé😂"),
        (#"{"a":{"b":[1,"x",null,false]},"":2}"#, ["a": ["b": [1, "x", nil, false]], "": 2]),
        ("\"\u{7F}\u{2028}\u{FEFF}\"", "\u{7F}\u{2028}\u{FEFF}"),
        (#"{"A":1,"a":2}"#, ["A": 1, "a": 2]),
    ]

    @Test(arguments: readable)
    func `JSON is read`(text: String, expected: JSON) throws {
        #expect(try JSONParser.parse(text.utf8) == expected)
    }

    @Test func `names that only Unicode equates are two names`() throws {
        let json = try JSONParser.parse(#"{"\u00e9":1,"e\u0301":2}"#.utf8)
        #expect(json.members?.map { Array($0.name.utf8) } == [[0xC3, 0xA9], [0x65, 0xCC, 0x81]])
    }

    // MARK: Well formed, and not allowed

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, ["/a duplicate_member"]),
        (#"{"a":1,"b":{"c":[{"x":1,"\u0078":2}]},"a":3}"#, ["/b/c/0/x duplicate_member", "/a duplicate_member"]),
        (#"{"a":1,"a":2,"a":3}"#, ["/a duplicate_member", "/a duplicate_member"]),
        (#"{"~/":1,"~/":2}"#, ["/~0~1 duplicate_member"]),
        ("1.0", [" not_an_integer"]),
        ("[1.5]", ["/0 not_an_integer"]),
        ("[1e3, 1E+3, 1e-3, -0.0, 1e400]", (0...4).map { "/\($0) not_an_integer" }),
        ("9007199254740992", [" integer_out_of_range"]),
        ("-9007199254740992", [" integer_out_of_range"]),
        ("[9007199254740993, 18446744073709551616]", ["/0 integer_out_of_range", "/1 integer_out_of_range"]),
        (#""\ud83d""#, [" lone_surrogate"]),
        (#"["\ude02"]"#, ["/0 lone_surrogate"]),
        (#"["\ud83d\ud83d\ude02"]"#, ["/0 lone_surrogate"]),
        (#"["\ud83dx", "\ud83d\n", "\ud83d\u0041"]"#, (0...2).map { "/\($0) lone_surrogate" }),
        (#""\u0000""#, [" null_character"]),
        (
            #"{"ref":"a\u0000b","data":["\u0000\u0000", "\\u0000"]}"#,
            ["/ref", "/data/0", "/data/0"].map { "\($0) null_character" }
        ),
        (#"{"name":{"\u0000":1}}"#, ["/name null_character"]),
        (
            #"{"price":1.5,"price":2,"km":9007199254740992,"n":["\udc00",1e2]}"#,
            [
                "/price not_an_integer", "/price duplicate_member", "/km integer_out_of_range", "/n/0 lone_surrogate",
                "/n/1 not_an_integer",
            ]
        ),
    ])
    func `what is not allowed is named by pointer, all of it at once`(text: String, expected: [String]) {
        #expect(faults { _ = try JSONParser.parse(text.utf8) } == expected)
        #expect(problem { _ = try JSONParser.parse(text.utf8) } == "malformed_json")
    }

    @Test func `a text that was hashed long ago may have a NUL`() throws {
        #expect(try JSONParser.parse(#"["a\u0000"]"#.utf8, allowsNull: true) == ["a\0"])
    }

    @Test func `a duplicate is found among many members too`() {
        let members = (0..<40).map { "\"m\($0)\":0" }
        for repeated in [0, 15, 16, 39] {
            let text = "{" + (members + ["\"m\(repeated)\":1"]).joined(separator: ",") + "}"
            #expect(faults { _ = try JSONParser.parse(text.utf8) } == ["/m\(repeated) duplicate_member"])
        }
    }

    // MARK: Not JSON

    @Test(arguments: [
        ("", 0), (" ", 1), ("nul", 0), ("nulll", 4), ("True", 0), ("NaN", 0), ("Infinity", 0), ("-", 1), ("+1", 0),
        ("01", 2), ("-01", 3), (".5", 0), ("1.", 2), ("1.e1", 2), ("1e", 2), ("1e+", 3), ("0x10", 1), ("'a'", 0),
        ("\"a", 2), ("\"\\", 2), ("\"\\x\"", 2), ("\"\\u12\"", 5), ("\"\\u12G4\"", 5), ("\"\\u+123\"", 3),
        ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("[1", 2), ("[", 1), ("{", 1), ("{\"a\"}", 4), ("{\"a\":}", 5),
        ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\":1", 6), ("{\"a\":1]", 6), ("[1}", 2), ("{1:2}", 1),
        ("1 2", 2), ("{}x", 2), ("[]]", 2), ("{}{}", 2), ("// c\n1", 0), ("1 /* c */", 2),
        ("\"\n\"", 1), ("\"\t\"", 1), ("\"\u{1F}\"", 1), ("\"\u{0}\"", 1), ("\u{A0}1", 0),
        ("\u{FEFF}{}", 0),
    ])
    func `what is not JSON is refused at the byte where reading ended`(text: String, offset: Int) {
        do {
            _ = try JSONParser.parse(text.utf8)
            Issue.record("read: \(text)")
        } catch let failure as Failure {
            #expect(failure.type.code == "malformed_json")
            #expect(failure.faults.map(\.code) == ["json_syntax"])
            #expect(failure.detail.en.hasSuffix("at byte \(offset)"), "\(failure.detail.en)")
        } catch {
            Issue.record(error)
        }
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00],
            [0xFE, 0xFF, 0x00, 0x7B, 0x00, 0x7D],
            [0x7B, 0x00, 0x7D, 0x00],
            [0x00, 0x7B, 0x00, 0x7D],
            [0x22, 0xFF, 0x22],
            [0x22, 0xC0, 0x80, 0x22],
            [0x22, 0xC3, 0x22],
            [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
            [0x22, 0x5C, 0x6E, 0xE4, 0xBD, 0x22],
        ] as [[UInt8]]
    )
    func `UTF-16 and broken UTF-8 are refused`(bytes: [UInt8]) {
        #expect(problem { _ = try JSONParser.parse(bytes) } == "malformed_json")
    }

    @Test func `a text that ends anywhere is refused, and nothing crashes`() throws {
        let text = Array(#"{"a":[1,-20,"é\u00e9\ud83d\ude02",true,null],"b":{"c":false}}"#.utf8)
        _ = try JSONParser.parse(text)
        for end in 0..<text.count {
            #expect(problem { _ = try JSONParser.parse(text[..<end]) } == "malformed_json")
        }
    }

    @Test func `a flipped bit never crashes the reader`() {
        let text = Array(#"{"a":[1,-20,"é\u00e9\ud83d\ude02",true,null],"b":{"c":false}}"#.utf8)
        for index in text.indices {
            for bit in 0..<8 {
                var damaged = text
                damaged[index] ^= 1 << bit
                let code = problem { _ = try JSONParser.parse(damaged) }
                #expect(code == nil || code == "malformed_json")
            }
        }
    }

    @Test func `faults found before the syntax ends are told with it`() {
        #expect(faults { _ = try JSONParser.parse("[1.5, {\"a\":".utf8) } == ["/0 not_an_integer", "/1/a json_syntax"])
    }

    // MARK: Limits

    @Test func `nesting is allowed to the limit and not beyond`() throws {
        let nested = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONParser.parse(nested(32).utf8)
        let pointer = String(repeating: "/0", count: 32)
        #expect(faults { _ = try JSONParser.parse(nested(33).utf8) } == ["\(pointer) too_deep"])
        _ = try JSONParser.parse(nested(8).utf8, maximumDepth: JSONParser.ledgerDepth)
        #expect(faults { _ = try JSONParser.parse(nested(9).utf8, maximumDepth: 8) }?.count == 1)
    }

    @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#])
    func `sixty-four thousand openings are refused without a crash`(opening: String) {
        let text = String(repeating: opening, count: 65_536)
        #expect(faults { _ = try JSONParser.parse(text.utf8) }?.first?.hasSuffix(" too_deep") == true)
    }

    @Test func `faults before the nesting went too deep are kept`() {
        let text = "[1.5," + String(repeating: "[", count: 40)
        #expect(faults { _ = try JSONParser.parse(text.utf8) }?.first == "/0 not_an_integer")
    }

    @Test func `a body full of faults is answered with a bounded number of them`() {
        let text = "[" + String(repeating: "1.5,", count: 100_000) + "1]"
        #expect(faults { _ = try JSONParser.parse(text.utf8) }?.count == FaultCollector.maximumCount)
    }

    @Test func `long pointers do not multiply the body`() {
        let name = String(repeating: "n", count: 100_000)
        let text = "{\"\(name)\":[" + String(repeating: "1.5,", count: 50_000) + "1]}"
        let found = faults { _ = try JSONParser.parse(text.utf8) } ?? []
        #expect(found.count == 1)
        #expect(found.reduce(0) { $0 + $1.utf8.count } < text.utf8.count)
    }
}
