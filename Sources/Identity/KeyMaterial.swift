package import Cryptography

/// The keys that a server needs besides the ledger's own, all derived from one secret, so that an operator has one file
/// to guard and to back up. Whoever has only the store has none of them.
package struct KeyMaterial: Sendable {
    package static let masterByteCount = 32

    /// Goes into the stored codes of API keys. Another pepper makes every key that was issued worthless.
    package let pepper: SecretBytes
    /// The web frame's: it derives what seals kept answers, some of which hold a secret shown once, and what signs the
    /// cursors of lists.
    package let frameSecret: SecretBytes
    /// Goes into the stored codes of session tokens and recovery codes. Another one signs everybody out.
    package let signInPepper: SecretBytes
    /// Seals the secrets of authenticator apps. Another one makes everybody set up a new second factor.
    package let secondFactorKey: SecretBytes
    /// Seals what webhooks are signed with. Another one leaves them unsigned until their secrets are made anew.
    package let webhookKey: SecretBytes
    /// Makes encrypted personal data searchable. Another one needs every index made anew.
    package let blindIndexKey: SecretBytes

    /// - Parameter master: 32 uniformly random bytes, out of the key directory.
    /// - Throws: `CryptographyError.wrongLength`: a file that was cut short must not become a weak key.
    package init(master: SecretBytes) throws(CryptographyError) {
        guard master.count == KeyMaterial.masterByteCount else {
            throw .wrongLength(expected: KeyMaterial.masterByteCount, actual: master.count)
        }
        pepper = HKDF.derive(key: master, info: "chexin/api-key-pepper/1".utf8)
        frameSecret = HKDF.derive(key: master, info: "chexin/web-frame/1".utf8)
        signInPepper = HKDF.derive(key: master, info: "chexin/sign-in-pepper/1".utf8)
        secondFactorKey = HKDF.derive(key: master, info: "chexin/second-factor/1".utf8)
        webhookKey = HKDF.derive(key: master, info: "chexin/webhook/1".utf8)
        blindIndexKey = HKDF.derive(key: master, info: "chexin/blind-index/1".utf8)
    }
}
