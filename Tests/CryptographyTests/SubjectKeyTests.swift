import Core
import Testing

@testable import Cryptography

struct SubjectKeyTests {
    private let key = SubjectKey.random(for: "usr_1")

    private static func wrapping(_ id: String, _ byte: UInt8) -> WrappingKeys.Key {
        try! WrappingKeys.Key(id: id, secret: SecretBytes([UInt8](repeating: byte, count: 32)))
    }

    private let keys = WrappingKeys(current: wrapping("k1", 1))

    // MARK: Fields

    @Test(arguments: ["张伟", "13812345678", "", String(repeating: "长", count: 10_000)])
    func `what was sealed is opened`(text: String) throws {
        let sealed = try key.seal(text, field: "user.name")
        #expect(try key.open(sealed, field: "user.name") == text)
    }

    @Test func `a seal shows nothing of the text, not even that two are the same`() throws {
        let sealed = try (0..<50).map { _ in try key.seal("13812345678", field: "user.phone") }
        #expect(Set(sealed).count == 50)
        for bytes in sealed { #expect(!String(decoding: bytes, as: UTF8.self).contains("138")) }
    }

    @Test func `a seal opens in its own place alone`() throws {
        let sealed = try key.seal("13812345678", field: "user.phone")
        let wrong: [(SubjectKey, String)] = [
            (key, "user.name"), (key, "user.phon"), (key, ""),
            (SubjectKey(subject: "usr_2", secret: key.secret), "user.phone"),
            (SubjectKey.random(for: "usr_1"), "user.phone"),
            // What stands together is kept apart.
            (SubjectKey(subject: "usr_1user", secret: key.secret), ".phone"),
        ]
        for (key, field) in wrong {
            #expect(throws: CryptographyError.notAuthentic) { _ = try key.open(sealed, field: field) }
        }
    }

    @Test func `a seal that was changed or cut does not open`() throws {
        let sealed = try key.seal("13812345678", field: "user.phone")
        let changed = oneBitFlips(of: sealed) + (0..<sealed.count).map { Array(sealed.prefix($0)) } + [sealed + [0]]
        for bytes in changed {
            #expect(throws: CryptographyError.notAuthentic) { _ = try key.open(bytes, field: "user.phone") }
        }
    }

    // MARK: Keys

    @Test func `a wrapped key is the key again`() throws {
        let wrapped = try keys.wrap(key)
        #expect(wrapped.wrappingKeyID == "k1")
        let stored = WrappedKey(wrappingKeyID: wrapped.wrappingKeyID, bytes: wrapped.bytes)
        let opened = try keys.unwrap(stored, subject: "usr_1")
        #expect(opened.secret == key.secret && opened.subject == "usr_1")
        #expect(!wrapped.bytes.hex.contains(key.secret.withUnsafeBytes { $0.hex }))
    }

    @Test func `a wrapped key is its own subject's alone`() throws {
        let wrapped = try keys.wrap(key)
        #expect(throws: CryptographyError.notAuthentic) { _ = try keys.unwrap(wrapped, subject: "usr_2") }
        for bytes in oneBitFlips(of: wrapped.bytes) + [[], Array(wrapped.bytes.dropLast())] {
            let changed = WrappedKey(wrappingKeyID: "k1", bytes: bytes)
            #expect(throws: CryptographyError.notAuthentic) { _ = try keys.unwrap(changed, subject: "usr_1") }
        }
    }

    @Test func `the identifier of the wrapping key counts, even where the key is the same`() throws {
        let wrapped = try keys.wrap(key)
        let renamed = WrappingKeys(current: Self.wrapping("k2", 1))
        #expect(throws: CryptographyError.notAuthentic) { _ = try renamed.unwrap(wrapped, subject: "usr_1") }
        let claimed = WrappedKey(wrappingKeyID: "k2", bytes: wrapped.bytes)
        #expect(throws: CryptographyError.notAuthentic) { _ = try renamed.unwrap(claimed, subject: "usr_1") }
        let other = WrappingKeys(current: Self.wrapping("k1", 2))
        #expect(throws: CryptographyError.notAuthentic) { _ = try other.unwrap(wrapped, subject: "usr_1") }
    }

    @Test func `a rotation wraps every key anew and encrypts no field anew`() throws {
        let sealed = try key.seal("13812345678", field: "user.phone")
        let old = try keys.wrap(key)
        let both = WrappingKeys(current: Self.wrapping("k2", 2), retired: [Self.wrapping("k1", 1)])
        // Until its turn comes, the old one is still read.
        #expect(try both.unwrap(old, subject: "usr_1").open(sealed, field: "user.phone") == "13812345678")
        let new = try #require(try both.rewrap(old, subject: "usr_1"))
        #expect(new.wrappingKeyID == "k2")
        #expect(try both.rewrap(new, subject: "usr_1") == nil)
        let after = WrappingKeys(current: Self.wrapping("k2", 2))
        #expect(try after.unwrap(new, subject: "usr_1").open(sealed, field: "user.phone") == "13812345678")
        #expect(throws: CryptographyError.notAuthentic) { _ = try after.unwrap(old, subject: "usr_1") }
        #expect(throws: CryptographyError.notAuthentic) { _ = try both.rewrap(old, subject: "usr_2") }
    }

    @Test func `without the wrapped key nothing opens any more`() throws {
        let sealed = try key.seal("13812345678", field: "user.phone")
        // All that is left after an erasure: the wrapping keys, and a new key for the same person.
        let anew = try keys.unwrap(try keys.wrap(.random(for: "usr_1")), subject: "usr_1")
        #expect(throws: CryptographyError.notAuthentic) { _ = try anew.open(sealed, field: "user.phone") }
    }

    @Test func `the current key wins over a retired one of its name`() throws {
        let doubled = WrappingKeys(current: Self.wrapping("k1", 1), retired: [Self.wrapping("k1", 9)])
        #expect(try doubled.unwrap(try keys.wrap(key), subject: "usr_1").secret == key.secret)
    }

    @Test(arguments: [0, 16, 31, 33])
    func `a wrapping key of another length is refused`(count: Int) {
        #expect(throws: CryptographyError.wrongLength(expected: 32, actual: count)) {
            _ = try WrappingKeys.Key(id: "k", secret: SecretBytes([UInt8](repeating: 1, count: count)))
        }
    }

    @Test func `no key is printed`() throws {
        let secret = SecretBytes("sixteen letters and sixteen more".utf8)
        let wrapping = WrappingKeys(current: try WrappingKeys.Key(id: "k", secret: secret))
        let key = SubjectKey(subject: "usr_1", secret: secret)
        var dumped = ""
        dump([wrapping], to: &dumped)
        dump([key], to: &dumped)
        for text in ["\(wrapping)", "\(key)", String(reflecting: key), dumped] { #expect(!text.contains("sixteen")) }
    }
}
