package import Cryptography

/// What the vehicle index says of one car: how many entries it has, and the hash of the newest.
package struct VehicleHead: Sendable, Hashable {
    /// The car's key; see `VehicleKey`.
    package let vehicle: Digest
    package let count: Int64
    package let head: Digest

    package init(vehicle: Digest, count: Int64, head: Digest) {
        self.vehicle = vehicle
        self.count = count
        self.head = head
    }

    static let byteCount = 2 * Digest.byteCount + 8

    /// SHA-256(0x00 ‖ key ‖ count ‖ head).
    package var hash: Digest {
        withUnsafeTemporaryAllocation(byteCount: 1 + VehicleHead.byteCount, alignment: 8) { bytes in
            bytes[0] = 0
            write(to: UnsafeMutableRawBufferPointer(rebasing: bytes[1...]))
            return SHA256.hash(UnsafeRawBufferPointer(bytes))
        }
    }

    var bytes: [UInt8] {
        withUnsafeTemporaryAllocation(byteCount: VehicleHead.byteCount, alignment: 8) { bytes in
            write(to: bytes)
            return Array(bytes)
        }
    }

    private func write(to bytes: UnsafeMutableRawBufferPointer) {
        vehicle.withUnsafeBytes { bytes.copyMemory(from: $0) }
        bytes.storeBytes(of: count.bigEndian, toByteOffset: Digest.byteCount, as: Int64.self)
        head.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(rebasing: bytes[(Digest.byteCount + 8)...]).copyMemory(from: $0)
        }
    }

    /// `nil` for another number of bytes, or a count beyond 2^63 − 1.
    init?(bytes: [UInt8]) {
        guard bytes.count == VehicleHead.byteCount else { return nil }
        let head = bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            return VehicleHead(&reader)
        }
        guard let head else { return nil }
        self = head
    }

    init?(_ reader: inout ByteReader) {
        guard let vehicle = reader.digest(), let count = reader.integer(), let head = reader.digest() else {
            return nil
        }
        self.init(vehicle: vehicle, count: count, head: head)
    }
}

/// What a car goes by in the log: the first half of the VRF's output for its VIN. Only the platform can compute it, and
/// it can prove that it is the only one.
package enum VehicleKey {
    /// 32 bytes; `nil` where the VRF gave no output.
    package static func key(ofOutput output: [UInt8]) -> Digest? {
        output.count == VRF.outputByteCount ? Digest(bytes: output.prefix(Digest.byteCount)) : nil
    }

    /// Computed once for a car, and stored with its proof.
    package static func make(
        vin: String,
        key: VRF.PrivateKey
    ) throws(CryptographyError) -> (vehicle: Digest, proof: [UInt8]) {
        let proof = try key.prove(Array(vin.utf8))
        guard let vehicle = VRF.output(ofProof: proof).flatMap({ self.key(ofOutput: $0) }) else {
            throw .library(operation: "VRF")
        }
        return (vehicle, proof)
    }

    /// The car's key where the proof is one for its VIN.
    package static func verify(proof: [UInt8], vin: String, key: VRF.PublicKey) -> Digest? {
        key.output(proof: proof, for: Array(vin.utf8)).flatMap { self.key(ofOutput: $0) }
    }
}

extension Digest {
    /// `count` bits from bit `start` on, the first bit being the highest of the first byte.
    func bits(from start: Int, count: Int) -> Int {
        withUnsafeBytes { bytes in
            (start..<start + count).reduce(0) { $0 << 1 | Int(bytes[$1 >> 3] >> UInt8(7 - $1 & 7) & 1) }
        }
    }

    /// Whether the first `count` bits are the same.
    func sharesBits(_ count: Int, with other: Digest) -> Bool {
        withUnsafeBytes { left in
            other.withUnsafeBytes { right in
                let whole = count >> 3
                guard bytesAreEqual(left, right, count: whole) else { return false }
                return count & 7 == 0 || (left[whole] ^ right[whole]) >> UInt8(8 - count & 7) == 0
            }
        }
    }

    func precedes(_ other: Digest) -> Bool {
        withUnsafeBytes { left in
            other.withUnsafeBytes { right in left.lexicographicallyPrecedes(right) }
        }
    }
}

private func bytesAreEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, count: Int) -> Bool {
    guard let left = left.baseAddress, let right = right.baseAddress else { return count == 0 }
    return bytesAreEqual(left, right, count: count)
}
