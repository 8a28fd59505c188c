package import Core
package import Cryptography
package import People
package import Storage
import Synchronization

/// Keeps what is sent, so that a test can read its own mail.
package final class RecordingChannel: MessageChannel {
    private let messages = Mutex<[Message]>([])

    package init() {}

    package var sent: [Message] { messages.withLock { $0 } }

    package func send(_ tx: any Transaction, _ message: Message) throws -> MessageID {
        messages.withLock { $0.append(message) }
        return MessageID(at: tx.now)
    }

    package struct NothingSent: Error {}

    /// The code or the secret part of the link that was sent last.
    package func secret(_ kind: MessageKind) throws -> String {
        guard let message = sent.last(where: { $0.kind == kind }) else { throw NothingSent() }
        if let code = message.parameters["code"] { return code }
        guard let link = message.parameters["link"]?.split(separator: "#").last else { throw NothingSent() }
        return String(link)
    }
}

/// The app on somebody's phone.
package struct AuthenticatorApp: Sendable {
    private let totp: TOTP

    package struct NotBase32: Error {}

    /// - Parameter secret: as it is shown to those who type it.
    package init(secret: String) throws {
        var bytes: [UInt8] = []
        var (bits, count) = (0, 0)
        for character in secret.utf8 {
            guard let digit = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8).firstIndex(of: character) else {
                throw NotBase32()
            }
            (bits, count) = (bits << 5 | digit, count + 5)
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(bits >> count & 0xFF))
            }
            bits &= 0xFF
        }
        totp = try TOTP(secret: SecretBytes(bytes))
    }

    package func code(at instant: Instant) throws -> String { try totp.code(at: instant) }
}

extension SubjectVault {
    /// Under a key of its own, the same in every test.
    package static func forTests() -> SubjectVault {
        let secret = SecretBytes([UInt8](repeating: 8, count: 32))
        guard let key = try? WrappingKeys.Key(id: "k1", secret: secret) else {
            preconditionFailure("a key of 32 bytes")
        }
        let index = BlindIndex(key: SecretBytes([UInt8](repeating: 9, count: 32)))
        return SubjectVault(keys: WrappingKeys(current: key, retired: []), index: index)
    }
}

extension PasswordHashing {
    /// At a cost that many tests on few cores can bear.
    package static var forTests: PasswordHashing { PasswordHashing(cost: .minimum, waitingMaximum: 1000) }
}
