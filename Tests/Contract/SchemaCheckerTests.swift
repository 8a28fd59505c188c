import Core
import Support
import Testing

/// Whoever checks must be able to find something.
@Suite struct SchemaCheckerTests {
    private static let cases = TextTable(
        """
        schema                                                            | value                | verdict
        {"type":"string"}                                                 | "a"                  | fits
        {"type":"string"}                                                 | 1                    | refused
        {"type":["string","null"]}                                        | null                 | fits
        {"type":["string","null"]}                                        | []                   | refused
        {"type":"string","minLength":2}                                   | "a"                  | refused
        {"type":"string","maxLength":2}                                   | "汽车"               | fits
        {"type":"string","maxLength":2}                                   | "abc"                | refused
        {"type":"string","pattern":"^[0-9a-f]{4}$"}                       | "00af"               | fits
        {"type":"string","pattern":"^[0-9a-f]{4}$"}                       | "00afa"              | refused
        {"type":"string","format":"date"}                                 | "2026-02-29"         | refused
        {"type":"string","format":"date-time"}                            | "2026-02-28T08:00Z"  | refused
        {"type":"integer","minimum":1,"maximum":3}                        | 3                    | fits
        {"type":"integer","minimum":1,"maximum":3}                        | 4                    | refused
        {"type":"integer","minimum":1,"maximum":3}                        | 0                    | refused
        {"enum":["a","b"]}                                                | "b"                  | fits
        {"enum":["a","b"]}                                                | "c"                  | refused
        {"const":true}                                                    | false                | refused
        {"type":"array","items":{"type":"integer"},"maxItems":2}          | [1,2]                | fits
        {"type":"array","items":{"type":"integer"},"maxItems":2}          | [1,"2"]              | refused
        {"type":"array","items":{"type":"integer"},"maxItems":2}          | [1,2,3]              | refused
        {"type":"array","minItems":1}                                     | []                   | refused
        {"type":"object","required":["a"]}                                | {"b":1}              | refused
        {"type":"object","properties":{"a":{"type":"null"}}}              | {"a":1}              | refused
        {"properties":{"a":{}},"additionalProperties":false}              | {"a":1}              | fits
        {"properties":{"a":{}},"additionalProperties":false}              | {"b":1}              | refused
        {"oneOf":[{"type":"null"},{"type":"string"}]}                     | null                 | fits
        {"oneOf":[{"type":"null"},{"type":"string"}]}                     | 1                    | refused
        {"oneOf":[{"type":"integer"},{"minimum":0}]}                      | 1                    | refused
        {"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false} | {"a":1}              | fits
        {"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false} | {"a":1,"b":1}        | refused
        {"contentSchema":{"type":"array"}}                                | "[]"                 | fits
        {"contentSchema":{"type":"array"}}                                | "{}"                 | refused
        {"contentSchema":{"type":"array"}}                                | "["                  | refused
        {"$ref":"#/components/schemas/Money"}                             | {"amount":1,"currency":"CNY"} | fits
        {"$ref":"#/components/schemas/Money"}                             | {"amount":-1,"currency":"CNY"} | refused
        {"$ref":"#/components/schemas/NoSuchThing"}                       | 1                    | refused
        {"multipleOf":2}                                                  | 4                    | refused
        """
    )

    @Test(arguments: cases.rows)
    func `a value fits its schema or is refused`(_ row: TextTable.Row) throws {
        let schema = try JSONParser.parse(Array(row["schema"].utf8))
        let value = try JSONParser.parse(Array(row["value"].utf8))
        let faults = SchemaChecker(contract: try APIDocument.load()).faults(value, schema)
        #expect(faults.isEmpty == (row["verdict"] == "fits"), "\(faults)")
    }

    @Test func `an event is held to the schema that its kind chooses`() throws {
        let checker = SchemaChecker(contract: try APIDocument.load())
        let schema: JSON = ["$ref": "#/components/schemas/EventSubmission"]
        let frame: [JSON.Member] = [.init("occurred_at", "2026-02-28T08:00:00Z"), .init("ref", "r")]
        func faults(_ kind: JSON, _ data: JSON, _ more: [JSON.Member] = []) -> [String] {
            checker.faults(.object(frame + [.init("kind", kind), .init("data", data)] + more), schema)
        }
        #expect(faults("odometer.read", ["odometer_km": 1]) == [])
        #expect(faults("odometer.read", ["odometer_km": 1, "note": "x"]) == ["/data/note: not allowed"])
        #expect(faults("odometer.read", [:]) == ["/data/odometer_km: required"])
        #expect(faults("odometer.read", ["odometer_km": 1], [.init("vin", "x")]) == ["/vin: not in the schema"])
        #expect(faults("payload.erased", [:]).contains("/kind: chooses no schema"))
    }

    @Test func `an answer is held to the members that are documented`() throws {
        let contract = try APIDocument.load()
        let schema: JSON = ["$ref": "#/components/schemas/Health"]
        let answer: JSON = ["status": "ok", "version": "1"]
        #expect(SchemaChecker(contract: contract).faults(answer, schema) == [])
        let strict = SchemaChecker(contract: contract, refusesUndocumented: true)
        #expect(strict.faults(answer, schema) == ["/version: not in the schema"])
    }
}
