import Core
import Cryptography
import Ledger
import Testing

struct PayloadTests {
    static let salt = String(repeating: "5a", count: 16)

    static func error(_ text: String) -> PayloadError? {
        #expect(throws: PayloadError.self) { try Payload.parse(Array(text.utf8)) }
    }

    @Test func `reads its own canonical bytes`() throws {
        let payload = Payload(data: ["b": [1, nil, "车"], "a": ["x": -1]], salt: .random())
        let again = try Payload.parse(payload.canonicalBytes)
        #expect(again.salt == payload.salt)
        #expect(again.data.canonicalBytes == payload.data.canonicalBytes)
        #expect(again.digest == payload.digest)
    }

    @Test func `its digest is that of its bytes`() {
        let payload = Payload(data: ["odometer_km": 45_210], salt: Salt(bytes: (0...15).map { UInt8($0) })!)
        // printf '%s' '{"data":{"odometer_km":45210},"salt":"000102030405060708090a0b0c0d0e0f"}' | sha256sum
        #expect(payload.digest.hex == "dc8b83c5e67739c55292516445b7dc5d0f756e8cf3d9dcfe4a7763d26f4d5eb4")
    }

    @Test func `the salt makes two payloads of the same data differ`() {
        let one = Payload(data: ["odometer_km": 1], salt: .random())
        let other = Payload(data: ["odometer_km": 1], salt: .random())
        #expect(one.digest != other.digest)
    }

    @Test(arguments: [
        "", "{", "null x", #"{"data":{"a":1.5},"salt":"\#(salt)"}"#, #"{"data":{"a":1,"a":1},"salt":"\#(salt)"}"#,
        #"{"data":{"a":9007199254740992},"salt":"\#(salt)"}"#, #"{"data":{"a":"\ud800"},"salt":"\#(salt)"}"#,
    ])
    func `refuses what is no JSON of the ledger`(text: String) {
        #expect(Self.error(text) == .notJSON)
    }

    @Test(arguments: [
        "[]", "{}", #"{"data":{}}"#, #"{"salt":"\#(salt)"}"#, #"{"data":{},"salt":"\#(salt)","x":1}"#,
        #"{"data":{},"salt":1}"#, #"{"date":{},"salt":"\#(salt)"}"#, "1",
    ])
    func `refuses other members than data and salt`(text: String) {
        #expect(Self.error(text) == .wrongMembers)
    }

    @Test(arguments: ["null", "[]", "1", #""text""#, "true"])
    func `refuses data that is no object`(data: String) {
        #expect(Self.error(#"{"data":\#(data),"salt":"\#(Self.salt)"}"#) == .dataIsNoObject)
    }

    @Test(arguments: [
        "", "5a", String(repeating: "5A", count: 16), String(repeating: "5a", count: 17),
        String(repeating: "zz", count: 16),
    ])
    func `refuses another salt than 32 lower-case hexadecimal digits`(salt: String) {
        #expect(Self.error(#"{"data":{},"salt":"\#(salt)"}"#) == .wrongSalt)
    }

    @Test(arguments: [
        #"{ "data":{},"salt":"\#(salt)"}"#, #"{"data":{},"salt":"\#(salt)"} "#, #"{"salt":"\#(salt)","data":{}}"#,
        #"{"data":{"b":1,"a":1},"salt":"\#(salt)"}"#, #"{"data":{"a":"\u0041"},"salt":"\#(salt)"}"#,
        #"{"data":{"a":"\/"},"salt":"\#(salt)"}"#, #"{"data":{"a":-0},"salt":"\#(salt)"}"#,
        "{\"data\":{},\"salt\":\"\(salt)\"}\n",
    ])
    func `refuses the same content written in another way`(text: String) {
        #expect(Self.error(text) == .notCanonical)
    }

    @Test(arguments: [0, 15, 17, 32])
    func `a salt has 16 bytes`(count: Int) {
        #expect(Salt(bytes: [UInt8](repeating: 0, count: count)) == nil)
    }

    @Test func `salts are drawn at random`() {
        #expect(Set((0..<100).map { _ in Salt.random() }).count == 100)
    }

    @Test func `any flipped bit is refused or makes another digest`() {
        let bytes = Payload(data: ["km": 45_210, "note": "车"], salt: .random()).canonicalBytes
        let digest = SHA256.hash(bytes)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            let payload = try? Payload.parse(changed)
            #expect(payload?.digest != digest)
            #expect(payload == nil || payload?.canonicalBytes == changed)
        }
    }
}

struct ErasureTargetTests {
    @Test func `is the hash that data names as entry`() {
        let hash = SHA256.hash("x".utf8)
        #expect(Erasure.target(data: ["entry": JSON(hash.hex), "ground": "x"]) == hash)
    }

    @Test(arguments: [[:], ["entry": 1], ["entry": nil], ["entry": "00"], ["Entry": "00"]] as [JSON])
    func `is nothing where there is no such hash`(data: JSON) {
        #expect(Erasure.target(data: data) == nil)
    }

    @Test func `is not read from an upper-case hash`() {
        #expect(Erasure.target(data: ["entry": JSON(SHA256.hash("x".utf8).hex.uppercased())]) == nil)
    }
}
