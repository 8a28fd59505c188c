import Core
import Cryptography

/// What deliveries are signed with (Standard Webhooks 1, symmetric signatures). It is shown to its owner once.
package struct WebhookSecret: Sendable {
    package static let prefix = "whsec_"
    /// Standard Webhooks asks for 24 to 64; recalled, not read.
    private static let byteCount = 32

    private let key: SecretBytes

    static func random() -> WebhookSecret { WebhookSecret(key: .random(count: byteCount)) }

    init(key: SecretBytes) {
        self.key = key
    }

    /// `nil` where it is no `whsec_` with Base64 behind it.
    package init?(_ text: String) {
        guard text.hasPrefix(WebhookSecret.prefix),
            let bytes = Base64.decode(text.dropFirst(WebhookSecret.prefix.count))
        else { return nil }
        key = SecretBytes(bytes)
    }

    var text: String { WebhookSecret.prefix + key.withUnsafeBytes { Base64.encode(Array($0)) } }

    /// Over `id.timestamp.body`, as one entry of `webhook-signature`.
    package func signature(id: String, seconds: Int64, body: [UInt8]) -> String {
        let signed = Array("\(id).\(seconds).".utf8) + body
        return "v1," + Base64.encode(HMACSHA256.authenticate(signed, key: key).bytes)
    }

    // MARK: In the store

    /// - Parameter watch: whose it is; another's does not open.
    func sealed(by wrapping: SecretBytes, for watch: WatchID) throws -> [UInt8] {
        let bytes = key.withUnsafeBytes { Array($0) }
        return try AEAD.seal(bytes, key: wrapping, associated: WebhookSecret.associated(watch))
    }

    init(opening sealed: [UInt8], by wrapping: SecretBytes, for watch: WatchID) throws {
        let bytes = try AEAD.open(sealed, key: wrapping, associated: WebhookSecret.associated(watch))
        key = SecretBytes(bytes)
    }

    private static func associated(_ watch: WatchID) -> [UInt8] { Array("chexin/webhook-secret/1\n\(watch)".utf8) }
}
