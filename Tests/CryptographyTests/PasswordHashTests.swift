import Core
import Testing

@testable import Cryptography

struct PasswordHashTests {
    static let cheap = PasswordHash.Cost(memoryKiB: 8, passes: 1)

    /// Made by the reference implementation (libargon2, through argon2-cffi) and by libsodium's own
    /// `crypto_pwhash_str`.
    private static let made: [(text: String, password: String)] = [
        (
            "$argon2id$v=19$m=64,t=3,p=1$c2l4dGVlbiBieXRlcy4uLg$4PwjLJkpSByKx2gc1utJGfNmokYj10mW+xBGTh7phfc",
            "correct horse battery staple"
        ),
        (
            "$argon2id$v=19$m=128,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$1G3JEk9tJje8QO9eFjkcm0s8ui64efLsjcD77bnKooc",
            "车信-密码-2026"
        ),
        (
            "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$BbbKj4A4toOIetSRZTOFi0nLUgQBJsE09Mbp2HEbjAk",
            "password"
        ),
        (
            "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$dmStS6GjyZn83QmR/8InD3gwLSODIz215778hdG7GBk",
            "password"
        ),
        (
            "$argon2id$v=19$m=65536,t=3,p=1$tdC7ILESBt9klJ8UH/wsEA$ag7j+0M7mEJS+PnggsMKXcnPGSjEQNY9q+cMsp6jJ5g",
            "password"
        ),
        (
            "$argon2id$v=19$m=64,t=2,p=1$NSkSOBwy5LLwje/c2pzjcQ$TJX9qDqMHplu1ASC4Ik4y9bxQ1Pw94X2iKKZSgTwQFM",
            "correct horse battery staple"
        ),
    ]

    @Test(arguments: made.indices)
    func `hashes that were made elsewhere are verified`(index: Int) throws {
        let (text, password) = Self.made[index]
        let hash = try #require(PasswordHash(text))
        #expect(hash.text == text)
        #expect(try hash.verify(Password(entered: password)))
        #expect(try !hash.verify(Password(entered: password + "x")))
        #expect(try !hash.verify(Password(entered: String(password.dropLast()))))
    }

    @Test func `what is made is read back and verified`() throws {
        let password = try Password(entered: "correct horse battery staple")
        let hash = try PasswordHash(hashing: password, cost: Self.cheap)
        let form = /\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+\/]{22}\$[A-Za-z0-9+\/]{43}/
        #expect(hash.text.wholeMatch(of: form) != nil)
        let read = try #require(PasswordHash(hash.text))
        #expect(read == hash)
        #expect(try read.verify(password))
    }

    @Test func `the same password never has the same hash`() throws {
        let password = try Password(entered: "correct horse battery staple")
        let texts = try (0..<20).map { _ in try PasswordHash(hashing: password, cost: Self.cheap).text }
        #expect(Set(texts).count == 20)
    }

    @Test func `salt and tag both count`() throws {
        let password = try Password(entered: "password")
        let known = Self.made[2].text
        for (from, to) in [("c29t", "d29t"), ("Bbb", "Cbb"), ("t=1", "t=2"), ("m=8", "m=9")] {
            let changed = known.replacing(from, with: to)
            let hash = try #require(PasswordHash(changed), "\(changed)")
            #expect(try !hash.verify(password), "\(changed)")
        }
    }

    private static let salt = "c29tZXNhbHRzb21lc2FsdA"
    private static let tag = "BbbKj4A4toOIetSRZTOFi0nLUgQBJsE09Mbp2HEbjAk"

    @Test(arguments: [
        "", "$", "$$$$$", "password",
        "$argon2i$v=19$m=8,t=1,p=1$\(salt)$\(tag)", "$argon2d$v=19$m=8,t=1,p=1$\(salt)$\(tag)",
        "$scrypt$v=19$m=8,t=1,p=1$\(salt)$\(tag)", "argon2id$v=19$m=8,t=1,p=1$\(salt)$\(tag)",
        "$argon2id$v=16$m=8,t=1,p=1$\(salt)$\(tag)", "$argon2id$m=8,t=1,p=1$\(salt)$\(tag)",
        "$argon2id$v=19$m=32,t=1,p=4$\(salt)$\(tag)", "$argon2id$v=19$m=8,t=1$\(salt)$\(tag)",
        "$argon2id$v=19$t=1,m=8,p=1$\(salt)$\(tag)", "$argon2id$v=19$m=+8,t=1,p=1$\(salt)$\(tag)",
        "$argon2id$v=19$m=08,t=1,p=1$\(salt)$\(tag)", "$argon2id$v=19$m=-8,t=1,p=1$\(salt)$\(tag)",
        "$argon2id$v=19$m=7,t=1,p=1$\(salt)$\(tag)", "$argon2id$v=19$m=8,t=0,p=1$\(salt)$\(tag)",
        "$argon2id$v=19$m=262145,t=1,p=1$\(salt)$\(tag)", "$argon2id$v=19$m=8,t=11,p=1$\(salt)$\(tag)",
        "$argon2id$v=19$m=99999999999999999999,t=1,p=1$\(salt)$\(tag)", "$argon2id$v=19$m=8,t=1,p=1$$\(tag)",
        "$argon2id$v=19$m=8,t=1,p=1$\(salt)$", "$argon2id$v=19$m=8,t=1,p=1$\(salt)",
        "$argon2id$v=19$m=8,t=1,p=1$\(salt)==$\(tag)", "$argon2id$v=19$m=8,t=1,p=1$\(salt)$\(tag)=",
        "$argon2id$v=19$m=8,t=1,p=1$\(salt)$\(tag)\n", "$argon2id$v=19$m=8,t=1,p=1$\(salt)$\(tag)$",
        "$argon2id$v=19$m=8,t=1,p=1$\(salt)B$\(tag)", "$argon2id$v=19$m=8,t=1,p=1$\(salt)$\(tag.dropLast())l",
        "$argon2id$v=19$m=8,t=1,p=1,x=1$\(salt)$\(tag)",
    ])
    func `what is no hash of ours is not read`(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test(arguments: [
        (64 << 10, 3, false), (128 << 10, 3, false), (64 << 10, 4, false), (32 << 10, 3, true), (64 << 10, 2, true),
        (128 << 10, 2, true),
    ])
    func `what was made more cheaply is to be made anew`(memoryKiB: Int, passes: Int, isDue: Bool) {
        let cost = PasswordHash.Cost(memoryKiB: memoryKiB, passes: passes)
        #expect(PasswordHash.decoy(cost: cost).needsRehash == isDue)
    }

    @Test func `today's cost is above what OWASP asks for and within the bounds`() {
        // OWASP Password Storage Cheat Sheet: 19 MiB and 2 passes.
        #expect(PasswordHash.Cost(memoryKiB: 19 << 10, passes: 2).isWithin(.current))
        #expect(PasswordHash.Cost.current.isWithin(.maximum))
    }

    @Test func `a decoy has the form of a hash and no password`() throws {
        let decoy = PasswordHash.decoy(cost: Self.cheap)
        #expect(PasswordHash(decoy.text) == decoy)
        #expect(decoy != PasswordHash.decoy(cost: Self.cheap))
        #expect(try !decoy.verify(Password(entered: "password")))
    }

    @Test func `is not printed`() throws {
        let hash = try #require(PasswordHash(Self.made[2].text))
        var dumped = ""
        dump(hash, to: &dumped)
        for text in ["\(hash)", String(reflecting: hash), dumped] {
            #expect(!text.contains(Self.tag) && !text.contains(Self.salt))
        }
    }
}
