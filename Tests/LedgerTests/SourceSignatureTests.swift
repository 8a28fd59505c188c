import Core
import Cryptography
import Testing

@testable import Ledger

struct SourceSignatureTests {
    static let bytes = (0..<64).map { UInt8($0 * 4) }

    @Test func `reads the Base64 that it writes`() throws {
        let signature = try SourceSignature(key: "key_1", bytes: Self.bytes)
        #expect(signature.base64.utf8.count == SourceSignature.base64Count)
        #expect(try SourceSignature(key: "key_1", base64: signature.base64) == signature)
    }

    @Test(arguments: [0, 1, 63, 65, 128])
    func `refuses another length`(count: Int) {
        let error = #expect(throws: Failure.self) {
            try SourceSignature(key: "key_1", bytes: [UInt8](repeating: 0, count: count))
        }
        #expect(pointers(error) == ["/sig signature_format"])
    }

    @Test(arguments: ["", "AAAA", "no base64", Base64.encode([UInt8](repeating: 0, count: 63))])
    func `refuses what is not the Base64 of 64 bytes`(text: String) {
        let error = #expect(throws: Failure.self) { try SourceSignature(key: "key_1", base64: text) }
        #expect(pointers(error) == ["/sig signature_format"])
    }

    @Test func `names both faults at once`() {
        let error = #expect(throws: Failure.self) { try SourceSignature(key: "", base64: "") }
        #expect(pointers(error) == ["/key visible_text", "/sig signature_format"])
    }

    @Test func `recognises canonical Base64 as the decoder does`() {
        let digits = Array(Base64.encode(Self.bytes).utf8)
        for place in digits.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = digits
                changed[place] = byte
                let decodes = Base64.decode(utf8: changed)?.count == 64
                #expect(changed.withUnsafeBytes { SourceSignature.isBase64($0) } == decodes, "\(byte) at \(place)")
            }
        }
        for shorter in [digits.dropLast(), digits.dropLast(4), digits.dropFirst()] {
            #expect(!Array(shorter).withUnsafeBytes { SourceSignature.isBase64($0) })
        }
    }
}
