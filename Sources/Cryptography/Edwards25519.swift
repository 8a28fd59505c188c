import CLibSodium

/// A point of edwards25519, written as RFC 8032 does.
struct EdwardsPoint: Sendable, Hashable {
    static let byteCount = 32

    let bytes: [UInt8]

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `nil` unless the bytes are the one way to write a point of the prime-order group other than the identity.
    init?(valid bytes: [UInt8]) {
        guard bytes.count == EdwardsPoint.byteCount, crypto_core_ed25519_is_valid_point(bytes) == 1 else { return nil }
        self.init(bytes: bytes)
    }

    /// Takes any point of the curve into the prime-order group; `nil` for bytes that are no point, and for the identity
    /// as the result.
    init?(timesCofactorOf bytes: [UInt8]) {
        guard EdwardsPoint.isCanonical(bytes), let point = EdwardsPoint(bytes: bytes).timesCofactor else { return nil }
        self.init(valid: point.bytes)
    }

    static func base(times scalar: [UInt8]) -> EdwardsPoint? {
        result { crypto_scalarmult_ed25519_base_noclamp($0, scalar) }
    }

    /// `nil` where the result is the identity.
    func times(_ scalar: [UInt8]) -> EdwardsPoint? {
        EdwardsPoint.result { crypto_scalarmult_ed25519_noclamp($0, scalar, bytes) }
    }

    func plus(_ other: EdwardsPoint) -> EdwardsPoint? {
        EdwardsPoint.result { crypto_core_ed25519_add($0, bytes, other.bytes) }
    }

    func minus(_ other: EdwardsPoint) -> EdwardsPoint? {
        EdwardsPoint.result { crypto_core_ed25519_sub($0, bytes, other.bytes) }
    }

    /// Eight times the point, by three doublings: multiplication by a scalar would refuse points outside the group.
    var timesCofactor: EdwardsPoint? {
        (0..<3).reduce(self) { (point: EdwardsPoint?, _) in point.flatMap { $0.plus($0) } }
    }

    private static func result(_ operation: (UnsafeMutablePointer<UInt8>) -> Int32) -> EdwardsPoint? {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        let status = bytes.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.map(operation) ?? -1 }
        return status == 0 ? EdwardsPoint(bytes: bytes) : nil
    }

    /// Whether the coordinate is below 2^255 − 19: the library reduces it, RFC 8032 refuses.
    private static func isCanonical(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == byteCount, let first = bytes.first, let last = bytes.last else { return false }
        let isLarge = last & 0x7F == 0x7F && bytes[1..<31].allSatisfy { $0 == 0xFF } && first >= 0xED
        return !isLarge
    }
}

/// Numbers modulo the order of the group, 32 bytes, lowest first.
enum EdwardsScalar {
    /// 2^252 + 27742317777372353535851937790883648493 (RFC 8032, section 5.1).
    private static let order: [UInt8] = [
        0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]

    static func isCanonical(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        bytes.count == order.count && bytes.reversed().lexicographicallyPrecedes(order.reversed())
    }

    /// - Parameter bytes: 64 of them.
    static func reduced(_ bytes: [UInt8]) -> [UInt8] {
        var scalar = [UInt8](repeating: 0, count: order.count)
        let wide = bytes + [UInt8](repeating: 0, count: max(0, 64 - bytes.count))
        crypto_core_ed25519_scalar_reduce(&scalar, wide)
        return scalar
    }

    /// `factor` · `scalar` + `addend`.
    static func multiplyAdd(_ factor: [UInt8], _ scalar: [UInt8], _ addend: [UInt8]) -> [UInt8] {
        var product = [UInt8](repeating: 0, count: order.count)
        var sum = product
        crypto_core_ed25519_scalar_mul(&product, reduced(factor), reduced(scalar))
        crypto_core_ed25519_scalar_add(&sum, product, addend)
        return sum
    }
}

/// SHA-512 (FIPS 180-4), as far as the curve's algorithms need it.
enum SHA512 {
    static let byteCount = 64

    static func hash(_ secrets: [UnsafeRawBufferPointer], _ bytes: [UInt8] = []) -> [UInt8] {
        var state = crypto_hash_sha512_state()
        crypto_hash_sha512_init(&state)
        for part in secrets { crypto_hash_sha512_update(&state, part.octets, UInt64(part.count)) }
        crypto_hash_sha512_update(&state, bytes, UInt64(bytes.count))
        var digest = [UInt8](repeating: 0, count: byteCount)
        crypto_hash_sha512_final(&state, &digest)
        return digest
    }
}
