import COpenSSL

/// A secret in memory: never printed, compared in constant time, wiped when the last copy goes.
package struct SecretBytes: Sendable {
    private let storage: Storage

    package init(_ bytes: some Collection<UInt8>) {
        storage = Storage(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    private init(storage: Storage) {
        self.storage = storage
    }

    package static func random(count: Int) -> SecretBytes {
        SecretBytes(storage: Storage(count: count, fill: SecureRandom.fill))
    }

    package var count: Int { storage.buffer.count }

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(storage.buffer)) }
    }

    /// Owns the memory so that it can be wiped: an array's storage may be shared, and is freed as it stands.
    /// Nothing writes to it between `init` and `deinit`, so that any thread may read it.
    private final class Storage: @unchecked Sendable {
        let buffer: UnsafeMutableRawBufferPointer

        init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
            buffer = .allocate(byteCount: count, alignment: 1)
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            fill(buffer)
        }

        deinit {
            OPENSSL_cleanse(buffer.baseAddress, buffer.count)
            buffer.deallocate()
        }
    }
}

extension SecretBytes: Equatable {
    package static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in ConstantTime.equal(left, right) }
        }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    /// `dump` and the printing of an enclosing value go by the mirror.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
