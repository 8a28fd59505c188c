import Core
import Cryptography
import Ledger
import Testing

struct StatementTests {
    static func statement(
        data: JSON = ["odometer_km": 1],
        log: String = TestChain.log,
        occurredAt: Instant = TestChain.start,
        ref: String = "WO-1",
        source: String = TestChain.workshop,
        vin: String = TestChain.vin
    ) throws -> Statement {
        try Statement(
            data: data,
            kind: EventKind(parsing: "odometer.read"),
            log: log,
            occurredAt: occurredAt,
            ref: ref,
            source: source,
            vin: vin
        )
    }

    @Test func `is signed over its seven members in canonical order`() throws {
        let text = String(decoding: try Self.statement(data: ["b": 1, "a": [true, nil]]).signedBytes, as: UTF8.self)
        let expected = [
            #"{"data":{"a":[true,null],"b":1},"kind":"odometer.read","log":"localhost/chexin","#,
            #""occurred_at":"2026-03-01T08:00:00.000Z","ref":"WO-1","#,
            #""source":"org_01jd3v9x5k8m2n4p6q7r8s9t0v","vin":"LSVAU2187N2123456"}"#,
        ].joined()
        #expect(text == expected)
    }

    @Test func `its signed bytes are what the canonical writer makes of them`() throws {
        let bytes = try Self.statement(data: ["z": "\u{1}\"\\/é🚗", "é": [:]], ref: "更正 \"1\" \\").signedBytes
        #expect(try JSONParser.parse(bytes).canonicalBytes == bytes)
    }

    @Test func `keeps whole milliseconds`() throws {
        let statement = try Self.statement(occurredAt: Instant(microseconds: TestChain.start.microseconds + 999))
        #expect(statement.occurredAt == TestChain.start)
    }

    @Test(arguments: ["", " WO-1", "WO-1\n", "\u{200B}", String(repeating: "x", count: 129)])
    func `refuses texts that are empty, too long or cannot be seen, each by its name`(text: String) {
        let error = #expect(throws: Failure.self) { try Self.statement(log: text, ref: text, source: text) }
        #expect(pointers(error) == ["/log visible_text", "/ref visible_text", "/source visible_text"])
        #expect(error?.type == .invalidRequest)
    }

    @Test(arguments: ["", "LSVAU2187N212345", "LSVAU2187N212345I", "lsvau2187n2123456"])
    func `refuses what is no VIN`(vin: String) {
        let error = #expect(throws: Failure.self) { try Self.statement(vin: vin) }
        #expect(pointers(error) == ["/vin charset"])
    }

    @Test(arguments: [-62_167_219_200_001, 253_402_300_800_000] as [Int64])
    func `refuses times that four digits of a year cannot say`(milliseconds: Int64) {
        let error = #expect(throws: Failure.self) {
            try Self.statement(occurredAt: Instant(milliseconds: milliseconds))
        }
        #expect(pointers(error) == ["/occurred_at out_of_range"])
    }

    @Test(arguments: [
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func `accepts the first and the last time that can be said`(milliseconds: Int64, text: String) throws {
        let statement = try Self.statement(occurredAt: Instant(milliseconds: milliseconds))
        #expect(String(decoding: statement.signedBytes, as: UTF8.self).contains(text))
    }

    @Test(arguments: [nil, true, 1, "text", [1]] as [JSON])
    func `refuses data that is no object`(data: JSON) {
        let error = #expect(throws: Failure.self) { try Self.statement(data: data) }
        #expect(pointers(error) == ["/data not_an_object"])
    }

    static func nested(_ levels: Int) -> JSON {
        levels == 0 ? 1 : .object([.init("a", nested(levels - 1))])
    }

    @Test func `accepts data whose payload has 8 levels and refuses 9`() throws {
        let statement = try Self.statement(data: Self.nested(7))
        let payload = Payload(data: statement.data, salt: .random())
        #expect(try Payload.parse(payload.canonicalBytes) == payload)

        let error = #expect(throws: Failure.self) { try Self.statement(data: Self.nested(8)) }
        #expect(pointers(error) == ["/data/a/a/a/a/a/a/a too_deep"])
        #expect(throws: PayloadError.notJSON) {
            try Payload.parse(Payload(data: Self.nested(8), salt: .random()).canonicalBytes)
        }
    }

    @Test func `arrays count as levels too`() {
        let data: JSON = ["a": [[[[[[[1]]]]]]]]
        let error = #expect(throws: Failure.self) { try Self.statement(data: data) }
        #expect(pointers(error) == ["/data/a/0/0/0/0/0/0 too_deep"])
    }

    @Test(arguments: [9_007_199_254_740_992, -9_007_199_254_740_992, Int64.max, Int64.min])
    func `refuses integers that not every reader of JSON keeps`(number: Int64) {
        let error = #expect(throws: Failure.self) {
            try Self.statement(data: ["list": [0, .object([.init("x/y~", .integer(number))])]])
        }
        #expect(pointers(error) == ["/data/list/1/x~1y~0 integer_out_of_range"])
    }

    @Test func `accepts the largest integers`() throws {
        let data: JSON = ["a": 9_007_199_254_740_991, "b": -9_007_199_254_740_991]
        #expect(try Self.statement(data: data).data == data)
    }

    @Test func `refuses a member that occurs twice`() {
        let data = JSON.object([.init("a", 1), .init("b", .object([.init("c", 1), .init("c", 2)]))])
        let error = #expect(throws: Failure.self) { try Self.statement(data: data) }
        #expect(pointers(error) == ["/data/b/c duplicate_member"])
    }

    @Test func `names every fault at once`() {
        let error = #expect(throws: Failure.self) {
            try Self.statement(data: [], log: "", ref: "", source: "", vin: "")
        }
        #expect(pointers(error).count == 5)
    }
}

struct StatementSignatureTests {
    let statement = try! StatementTests.statement()
    var signature: SourceSignature { try! statement.signed(with: TestChain.key, id: TestChain.keyID) }

    @Test func `holds under the source's key alone`() throws {
        #expect(statement.isSigned(by: TestChain.key.publicKey, signature))
        #expect(statement.isSigned(by: try Ed25519.PrivateKey.generate().publicKey, signature) == false)
    }

    @Test func `breaks when any of the seven members differs`() throws {
        let others = [
            try StatementTests.statement(data: ["odometer_km": 2]),
            try StatementTests.statement(log: "other/log"),
            try StatementTests.statement(occurredAt: TestChain.start.adding(milliseconds: 1)),
            try StatementTests.statement(ref: "WO-2"),
            try StatementTests.statement(source: TestChain.insurer),
            try StatementTests.statement(vin: "LSVAU2187N2123457"),
            try Statement(
                data: statement.data,
                kind: EventKind(parsing: "odometer.reads"),
                log: statement.log,
                occurredAt: statement.occurredAt,
                ref: statement.ref,
                source: statement.source,
                vin: statement.vin
            ),
        ]
        for other in others { #expect(!other.isSigned(by: TestChain.key.publicKey, signature)) }
    }

    @Test func `does not depend on the order in which the data was written`() throws {
        let oneWay = try StatementTests.statement(data: ["a": 1, "b": 2])
        let other = try StatementTests.statement(data: ["b": 2, "a": 1])
        #expect(other.isSigned(by: TestChain.key.publicKey, try oneWay.signed(with: TestChain.key, id: "k")))
    }

    @Test(arguments: ["", "\n", String(repeating: "k", count: 129)])
    func `refuses a key id that an envelope cannot hold`(id: String) {
        let error = #expect(throws: Failure.self) { try statement.signed(with: TestChain.key, id: id) }
        #expect(pointers(error) == ["/key visible_text"])
    }
}
