import CLibSodium

/// What the store keeps of a password: Argon2id (RFC 9106) in the usual text form,
/// `$argon2id$v=19$m=65536,t=3,p=1$<salt>$<tag>`, which carries what it was made with.
///
/// Making and checking one takes a tenth of a second and the memory of its cost: only `PasswordHashing` does it.
package struct PasswordHash: Sendable, Hashable {
    /// What a guess costs.
    package struct Cost: Sendable, Hashable {
        package let memoryKiB: Int
        package let passes: Int

        /// Memory, passes, salt and tag of the second recommended option of RFC 9106, section 4. libsodium computes one
        /// lane instead of its four: the same work, on one core. OWASP's minimum is 19 MiB and 2 passes.
        package static let current = Cost(memoryKiB: 64 << 10, passes: 3)
        /// What a stored text may ask for at the most, so that a tampered one cannot take the machine's memory.
        package static let maximum = Cost(memoryKiB: 256 << 10, passes: 10)
        /// libsodium computes nothing cheaper.
        package static let minimum = Cost(memoryKiB: 8, passes: 1)

        package init(memoryKiB: Int, passes: Int) {
            self.memoryKiB = memoryKiB
            self.passes = passes
        }

        func isWithin(_ other: Cost) -> Bool {
            memoryKiB <= other.memoryKiB && passes <= other.passes
        }
    }

    package static let saltByteCount = 16
    package static let tagByteCount = 32

    package let cost: Cost
    private let salt: [UInt8]
    private let tag: [UInt8]

    /// What is stored.
    package var text: String {
        "$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.passes),p=1$\(unpadded(salt))$\(unpadded(tag))"
    }

    /// `nil` for anything that is not such a text, or that costs more than `Cost.maximum`.
    package init?(_ text: String) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count == 6, let cost = Cost(parsing: fields[3]), let salt = bytes(unpadded: fields[4]),
            let tag = bytes(unpadded: fields[5]), salt.count == PasswordHash.saltByteCount,
            tag.count == PasswordHash.tagByteCount
        else { return nil }
        self.init(cost: cost, salt: salt, tag: tag)
        // Catches whatever else differs: another variant or version, more lanes, a number written otherwise.
        guard self.text == text else { return nil }
    }

    private init(cost: Cost, salt: [UInt8], tag: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.tag = tag
    }

    init(hashing password: Password, cost: Cost = .current) throws(CryptographyError) {
        let salt = SecureRandom.bytes(PasswordHash.saltByteCount)
        self.init(cost: cost, salt: salt, tag: try PasswordHash.argon2id(password, salt: salt, cost: cost))
    }

    /// Of no password: its tag is drawn. Checking it takes as long as checking that of an account that exists.
    static func decoy(cost: Cost) -> PasswordHash {
        PasswordHash(
            cost: cost,
            salt: SecureRandom.bytes(saltByteCount),
            tag: SecureRandom.bytes(tagByteCount)
        )
    }

    /// Compares in constant time.
    func verify(_ password: Password) throws(CryptographyError) -> Bool {
        ConstantTime.equal(try PasswordHash.argon2id(password, salt: salt, cost: cost), tag)
    }

    /// Whether it was made more cheaply than today's are: the next sign-in, which has the password, makes it anew.
    package var needsRehash: Bool { !Cost.current.isWithin(cost) }

    /// Not the library's own check of such texts: that one gives out want of memory as a wrong password.
    private static func argon2id(
        _ password: Password,
        salt: [UInt8],
        cost: Cost
    ) throws(CryptographyError) -> [UInt8] {
        guard sodiumIsReady else { throw .fromLibrary("sodium_init") }
        var tag = [UInt8](repeating: 0, count: tagByteCount)
        let status = password.secret.withUnsafeBytes { password in
            password.withMemoryRebound(to: CChar.self) { password -> CInt in
                guard let start = password.baseAddress else { return -1 }
                return crypto_pwhash_argon2id(
                    &tag,
                    UInt64(tagByteCount),
                    start,
                    UInt64(password.count),
                    salt,
                    UInt64(cost.passes),
                    cost.memoryKiB << 10,
                    crypto_pwhash_argon2id_alg_argon2id13()
                )
            }
        }
        guard status == 0 else { throw .fromLibrary("crypto_pwhash_argon2id") }
        return tag
    }
}

extension PasswordHash: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Guesses can be tried against the whole text, so that it has no place in a log.
    package var description: String { "$argon2id$m=\(cost.memoryKiB),t=\(cost.passes)$<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

extension PasswordHash.Cost {
    /// `m=65536,t=3,p=1`.
    fileprivate init?(parsing field: Substring) {
        let numbers = field.split(separator: ",").compactMap { Int($0.dropFirst(2)) }
        guard numbers.count == 3 else { return nil }
        self.init(memoryKiB: numbers[0], passes: numbers[1])
        guard Self.minimum.isWithin(self), isWithin(.maximum) else { return nil }
    }
}

/// Chooses the fastest implementation for this processor, once.
private let sodiumIsReady = sodium_init() >= 0

/// The text form leaves the padding of base64 out.
private func unpadded(_ bytes: [UInt8]) -> Substring {
    Base64.encode(bytes).prefix { $0 != "=" }
}

private func bytes(unpadded text: Substring) -> [UInt8]? {
    Base64.decode(text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4))
}
