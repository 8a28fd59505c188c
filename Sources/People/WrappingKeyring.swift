import Cryptography
import Synchronization

/// The wrapping keys as they are now. A rotation by another process is noticed when something turns up that a key has
/// wrapped which is not known yet.
final class WrappingKeyring: Sendable {
    private let keys: Mutex<WrappingKeys>
    private let reload: (@Sendable () throws -> WrappingKeys)?

    init(_ keys: WrappingKeys, reload: (@Sendable () throws -> WrappingKeys)?) {
        self.keys = Mutex(keys)
        self.reload = reload
    }

    func wrap(_ key: SubjectKey) throws -> WrappedKey {
        try keys.withLock { $0 }.wrap(key)
    }

    func unwrap(_ wrapped: WrappedKey, subject: String) throws -> SubjectKey {
        let known = keys.withLock { $0 }
        if known.knows(wrapped.wrappingKeyID) { return try known.unwrap(wrapped, subject: subject) }
        guard let fresh = try reload?() else { throw CryptographyError.notAuthentic }
        keys.withLock { $0 = fresh }
        return try fresh.unwrap(wrapped, subject: subject)
    }
}
