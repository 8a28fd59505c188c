/// The key of one person's data: every field that names the person is sealed with it. It is stored wrapped by a
/// `WrappingKeys.Key`, apart from the fields. Once the wrapped key is destroyed, in the
/// backups, too, all of them are erased.
///
/// The person and the field go into every seal, so that no ciphertext can be moved to where another is expected: a
/// phone number copied into another person's row, or into a field that more people may read, does not open.
package struct SubjectKey: Sendable {
    /// Whose data it is, such as `usr_…`.
    package let subject: String
    let secret: SecretBytes

    init(subject: String, secret: SecretBytes) {
        self.subject = subject
        self.secret = secret
    }

    package static func random(for subject: String) -> SubjectKey {
        SubjectKey(subject: subject, secret: .random(count: AEAD.keyByteCount))
    }

    /// The first byte of what is sealed, so that another form can come to stand beside this one.
    private static let version: UInt8 = 1

    /// - Parameter field: which field of the person's it is, such as `user.phone`.
    package func seal(_ text: String, field: String) throws(CryptographyError) -> [UInt8] {
        [SubjectKey.version] + (try AEAD.seal(text.utf8, key: secret, associated: associated(field)))
    }

    /// - Throws: `CryptographyError.notAuthentic` for what was sealed for another person, another field or under
    ///   another key, and for what was changed.
    package func open(_ sealed: [UInt8], field: String) throws(CryptographyError) -> String {
        guard sealed.first == SubjectKey.version else { throw .notAuthentic }
        let bytes = try AEAD.open(sealed.dropFirst(), key: secret, associated: associated(field))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func associated(_ field: String) -> [UInt8] {
        lengthPrefixed(["chexin/subject-field/1", subject, field])
    }
}

/// A `SubjectKey` as it is stored. Without the wrapping key of that identifier it is nothing.
package struct WrappedKey: Sendable, Hashable {
    /// A column of its own, so that a rotation finds what is left to wrap anew.
    package let wrappingKeyID: String
    package let bytes: [UInt8]

    package init(wrappingKeyID: String, bytes: [UInt8]) {
        self.wrappingKeyID = wrappingKeyID
        self.bytes = bytes
    }
}

/// What wraps the keys of all persons: a current key, and those before it for as long as something is wrapped by them.
///
/// A rotation adds a key, makes it the current one, calls `rewrap` on every stored key, and then drops the old one. No
/// field is encrypted anew.
package struct WrappingKeys: Sendable {
    package struct Key: Sendable {
        package let id: String
        fileprivate let secret: SecretBytes

        /// - Parameter id: names the key for ever: another key needs another one.
        /// - Throws: `CryptographyError.wrongLength`: a file that was cut short must not become a weak key.
        package init(id: String, secret: SecretBytes) throws(CryptographyError) {
            guard secret.count == AEAD.keyByteCount else {
                throw .wrongLength(expected: AEAD.keyByteCount, actual: secret.count)
            }
            self.id = id
            self.secret = secret
        }
    }

    package let currentID: String
    private let current: Key
    private let retired: [String: Key]

    private static let version: UInt8 = 1

    /// - Parameter retired: may be in any order; one with the identifier of the current key is ignored.
    package init(current: Key, retired: [Key] = []) {
        self.current = current
        currentID = current.id
        self.retired = retired.reduce(into: [:]) { keys, key in keys[key.id] = key }
    }

    /// Whether what was wrapped by this key can be opened.
    package func knows(_ id: String) -> Bool { id == currentID || retired[id] != nil }

    package func wrap(_ key: SubjectKey) throws(CryptographyError) -> WrappedKey {
        let bytes = try AEAD.seal(
            key.secret.withUnsafeBytes { Array($0) },
            key: current.secret,
            associated: WrappingKeys.associated(currentID, key.subject)
        )
        return WrappedKey(wrappingKeyID: currentID, bytes: [WrappingKeys.version] + bytes)
    }

    /// - Throws: `CryptographyError.notAuthentic` where the wrapping key is unknown, the wrapped key is another
    ///   person's, or it was changed.
    package func unwrap(_ wrapped: WrappedKey, subject: String) throws(CryptographyError) -> SubjectKey {
        let known = wrapped.wrappingKeyID == currentID ? current : retired[wrapped.wrappingKeyID]
        guard let key = known, wrapped.bytes.first == WrappingKeys.version else { throw .notAuthentic }
        let secret = try AEAD.open(
            wrapped.bytes.dropFirst(),
            key: key.secret,
            associated: WrappingKeys.associated(key.id, subject)
        )
        guard secret.count == AEAD.keyByteCount else { throw .notAuthentic }
        return SubjectKey(subject: subject, secret: SecretBytes(secret))
    }

    /// - Returns: the same key wrapped by the current one; `nil` where it is already.
    package func rewrap(_ wrapped: WrappedKey, subject: String) throws(CryptographyError) -> WrappedKey? {
        guard wrapped.wrappingKeyID != currentID else { return nil }
        return try wrap(try unwrap(wrapped, subject: subject))
    }

    private static func associated(_ keyID: String, _ subject: String) -> [UInt8] {
        lengthPrefixed(["chexin/wrapped-key/1", keyID, subject])
    }
}

extension SubjectKey: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "key of \(subject)" }
    package var debugDescription: String { description }
}
