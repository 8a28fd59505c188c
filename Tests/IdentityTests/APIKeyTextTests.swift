import Core
import Cryptography
import Testing

@testable import Identity

@Suite struct APIKeyTextTests {
    /// Its checksum comes from zlib's CRC-32, so that the format is held to somebody else's arithmetic.
    static let known = "chx_live_0123456789_abcdefghijklmnopqrstuvwxyzABCDEF0h45dk"

    @Test func `a new key has the documented form`() throws {
        let form = /chx_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{38}/
        for _ in 0..<200 {
            let text = APIKeyText.random()
            #expect(text.secret.wholeMatch(of: form) != nil)
            #expect(text.secret.utf8.count == APIKeyText.length)
            let read = try #require(APIKeyText(text.secret))
            #expect(read.publicID == text.publicID && read.secret == text.secret)
        }
    }

    @Test func `two keys share neither their public part nor their secret`() {
        let keys = (0..<500).map { _ in APIKeyText.random() }
        #expect(Set(keys.map(\.publicID)).count == keys.count)
        #expect(Set(keys.map { $0.secret.suffix(38) }).count == keys.count)
    }

    @Test func `every base62 digit is drawn`() {
        let digits = Set((0..<200).flatMap { _ in APIKeyText.random().secret.dropFirst(20).prefix(32) })
        #expect(digits.count == 62)
    }

    @Test func `a key made elsewhere by the same rule is read`() throws {
        #expect(crc32(Array("123456789".utf8)) == 0xCBF4_3926)
        let text = try #require(APIKeyText(APIKeyTextTests.known))
        #expect(text.publicID == "0123456789")
    }

    @Test func `one wrong character is noticed wherever it stands`() {
        let right = Array(APIKeyTextTests.known)
        for index in right.indices {
            for wrong in "0Az_-" where wrong != right[index] {
                var typed = right
                typed[index] = wrong
                #expect(APIKeyText(String(typed)) == nil, "\(String(typed))")
            }
        }
    }

    @Test func `two neighbours that changed places are noticed`() {
        let right = Array(APIKeyTextTests.known)
        for index in right.indices.dropLast() where right[index] != right[index + 1] {
            var typed = right
            typed.swapAt(index, index + 1)
            #expect(APIKeyText(String(typed)) == nil, "\(String(typed))")
        }
    }

    @Test(arguments: [
        "", "chx_live_", "Bearer", known + "0", String(known.dropLast()), " " + known, known + "\n",
        "chx_test_" + known.dropFirst(9), "CHX_LIVE_" + known.dropFirst(9), String(repeating: "é", count: 29),
        String(repeating: "a", count: 100_000),
    ])
    func `what is no key is not read`(text: String) {
        #expect(APIKeyText(text) == nil)
    }

    @Test func `printing a key does not show its secret`() throws {
        let text = try #require(APIKeyText(APIKeyTextTests.known))
        let secret = "abcdefghijklmnopqrstuvwxyz"
        var dumped = ""
        dump(text, to: &dumped)
        for printed in ["\(text)", String(reflecting: text), dumped, "\([text])", "\(Optional(text) as Any)"] {
            #expect(!printed.contains(secret), "\(printed)")
        }
        #expect("\(text)".contains(text.publicID))
    }

    @Test func `the code depends on the pepper and on every part of the key`() throws {
        let text = try #require(APIKeyText(APIKeyTextTests.known))
        let code = text.authenticationCode(pepper: World.pepper)
        #expect(code == HMACSHA256.authenticate(Array(APIKeyTextTests.known.utf8), key: World.pepper))
        #expect(code != text.authenticationCode(pepper: World.secret("another pepper")))
        #expect(code != APIKeyText.random().authenticationCode(pepper: World.pepper))
    }
}

@Suite struct KeyMaterialTests {
    @Test func `one master gives the same keys every time, and each its own`() throws {
        let first = try KeyMaterial(master: World.secret("master"))
        let second = try KeyMaterial(master: World.secret("master"))
        let keys = { (material: KeyMaterial) in
            [
                material.pepper, material.frameSecret, material.signInPepper, material.blindIndexKey,
                material.secondFactorKey, material.webhookKey,
            ].map { $0.withUnsafeBytes { Array($0) } }
        }
        #expect(keys(first) == keys(second))
        #expect(Set(keys(first)).count == 6)
        #expect(!keys(first).contains(World.secret("master").withUnsafeBytes { Array($0) }))
        #expect(keys(first) != keys(try KeyMaterial(master: World.secret("another master"))))
    }

    /// Keys that were issued stop working when this changes; then it has to be meant.
    @Test func `the pepper of a known master is what it always was`() throws {
        let material = try KeyMaterial(master: SecretBytes([UInt8](repeating: 7, count: 32)))
        #expect(
            material.pepper.withUnsafeBytes { $0.hex }
                == "44a7877148f43237d21a08267d5835ccc27dc144aba7c8d2eb41de67fce64906"
        )
    }

    @Test(arguments: [0, 16, 31, 33, 64])
    func `a master of another length is refused`(count: Int) {
        #expect(throws: CryptographyError.wrongLength(expected: 32, actual: count)) {
            _ = try KeyMaterial(master: SecretBytes([UInt8](repeating: 1, count: count)))
        }
    }
}
