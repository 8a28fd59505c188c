import Core
import Testing

/// RFC 8785 on what this product allows: everything but numbers with a fraction or an exponent.
@Suite struct CanonicalJSONTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let input: String
        let canonical: String

        var testDescription: String { name }
    }

    /// The reference samples of the RFC's author (arrays, French, Unicode, weird names) and our own.
    private static let samples = [
        Sample(
            name: "members of an object in an array are sorted as texts",
            input: "[\n  56,\n  {\n    \"d\": true,\n    \"10\": null,\n    \"1\": [ ]\n  }\n]\n",
            canonical: #"[56,{"1":[],"10":null,"d":true}]"#
        ),
        Sample(
            name: "sorting ignores the locale",
            input: """
                {
                  "peach": "This sorting order",
                  "péché": "is wrong according to French",
                  "pêche": "but canonicalization MUST",
                  "sin":   "ignore locale"
                }
                """,
            canonical: #"{"peach":"This sorting order","péché":"is wrong according to French","#
                + #""pêche":"but canonicalization MUST","sin":"ignore locale"}"#
        ),
        Sample(
            name: "Unicode is not normalised",
            input: #"{"Unnormalized Unicode":"A\u030a"}"#,
            canonical: "{\"Unnormalized Unicode\":\"A\u{30A}\"}"
        ),
        Sample(
            name: "members are sorted by UTF-16 code units",
            input: #"""
                {
                  "\u20ac": "Euro Sign",
                  "\r": "Carriage Return",
                  "\u000a": "Newline",
                  "1": "One",
                  "\u0080": "Control\u007f",
                  "\ud83d\ude02": "Smiley",
                  "\u00f6": "Latin Small Letter O With Diaeresis",
                  "\ufb33": "Hebrew Letter Dalet With Dagesh",
                  "</script>": "Browser Challenge"
                }
                """#,
            canonical: #"{"\n":"Newline","\r":"Carriage Return","1":"One","</script>":"Browser Challenge","#
                + "\"\u{80}\":\"Control\u{7F}\",\"\u{F6}\":\"Latin Small Letter O With Diaeresis\","
                + "\"\u{20AC}\":\"Euro Sign\",\"\u{1F602}\":\"Smiley\","
                + "\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        ),
        Sample(
            name: "structures, with integers only",
            input: #"""
                {
                  "1": {"f": {"f": "hi","F": 5} ,"\n": 56},
                  "10": { },
                  "": "empty",
                  "a": { },
                  "111": [ {"e": "yes","E": "no" } ],
                  "A": { }
                }
                """#,
            canonical: #"{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"#
                + #""111":[{"E":"no","e":"yes"}],"A":{},"a":{}}"#
        ),
        Sample(
            name: "strings have the shortest escapes, literals stay",
            input: #"{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#,
            canonical: #"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        ),
        Sample(
            name: "every control character has its escape",
            input: #"["\b\t\n\f\r\u0001\u001f\u007f"]"#,
            canonical: #"["\b\t\n\f\r\u0001\u001f"# + "\u{7F}\"]"
        ),
        Sample(
            name: "integers keep their value and lose the sign of zero",
            input: "[-0, 0, 9007199254740991, -9007199254740991]",
            canonical: "[0,0,9007199254740991,-9007199254740991]"
        ),
    ]

    @Test(arguments: samples)
    func `a text becomes canonical byte for byte`(sample: Sample) throws {
        let canonical = try JSONParser.parse(sample.input.utf8).canonicalBytes
        #expect(
            String(decoding: canonical, as: UTF8.self).unicodeScalars.elementsEqual(sample.canonical.unicodeScalars)
        )
        #expect(canonical == Array(sample.canonical.utf8))
    }

    @Test(arguments: samples)
    func `what is canonical stays as it is`(sample: Sample) throws {
        #expect(try JSONParser.parse(sample.canonical.utf8).canonicalBytes == Array(sample.canonical.utf8))
    }

    @Test(arguments: [
        (#"{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}}"#, ["/1/\n not_an_integer"]),
        (
            #"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": ""}"#,
            (0...4).map { "/numbers/\($0) not_an_integer" }
        ),
    ])
    func `the samples with fractions are refused, each number by its pointer`(text: String, expected: [String]) {
        #expect(faults { _ = try JSONParser.parse(text.utf8) } == expected)
    }

    @Test func `plain writing keeps the order of the members`() {
        let json: JSON = ["b": 1, "a": ["x": nil, "y": true]]
        #expect(json.bytes == Array(#"{"b":1,"a":{"x":null,"y":true}}"#.utf8))
        #expect(json.canonicalBytes == Array(#"{"a":{"x":null,"y":true},"b":1}"#.utf8))
    }

    @Test func `random documents survive writing and reading, and canonical form does not depend on order`() throws {
        var random = SeededRandom(seed: 8785)
        for _ in 0..<300 {
            let json = randomJSON(depth: 4, using: &random)
            #expect(try JSONParser.parse(json.bytes) == json)
            let canonical = json.canonicalBytes
            #expect(shuffled(json, using: &random).canonicalBytes == canonical)
            #expect(try JSONParser.parse(canonical).canonicalBytes == canonical)
        }
    }

    private func randomJSON(depth: Int, using random: inout SeededRandom) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(.random(in: -JSON.maximumInteger...JSON.maximumInteger, using: &random))
        case 3: return .string(randomText(using: &random))
        case 4: return .array((0..<3).map { _ in randomJSON(depth: depth - 1, using: &random) })
        default:
            let names = Set((0..<5).map { _ in randomText(using: &random) }).sorted()
            return .object(names.map { JSON.Member($0, randomJSON(depth: depth - 1, using: &random)) })
        }
    }

    private func randomText(using random: inout SeededRandom) -> String {
        let alphabet = Array("ab\"\\/\n\u{1}\u{1F}\u{7F}é中€😂\u{FB33}".unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...6, using: &random) { text.append(alphabet.randomElement(using: &random)!) }
        return String(text)
    }

    private func shuffled(_ json: JSON, using random: inout SeededRandom) -> JSON {
        switch json {
        case .array(let elements): .array(elements.map { shuffled($0, using: &random) })
        case .object(let members):
            .object(members.shuffled(using: &random).map { JSON.Member($0.name, shuffled($0.value, using: &random)) })
        default: json
        }
    }
}
