package import Cryptography

/// What the vehicle index says of one car: how many entries it has, and the hash of the newest.
package struct VehicleHead: Sendable, Hashable {
    /// The car's key; see `VehicleKey`.
    package let vehicle: Digest
    package private(set) var count: Int64
    package private(set) var head: Digest

    package init(vehicle: Digest, count: Int64, head: Digest) {
        self.vehicle = vehicle
        self.count = count
        self.head = head
    }

    /// Before the car's first entry: what its leaves are counted from.
    package init(before leaf: LogLeaf) {
        self.init(vehicle: leaf.vehicle, count: 0, head: .zero)
    }

    /// One more of the car's leaves, in the order of the log.
    package mutating func take(_ leaf: LogLeaf) {
        count += 1
        head = leaf.entry
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

    /// - Parameter bytes: room for as many as `byteCount`.
    func write(to bytes: UnsafeMutableRawBufferPointer) {
        vehicle.withUnsafeBytes { bytes.copyMemory(from: $0) }
        bytes.storeBytes(of: count.bigEndian, toByteOffset: Digest.byteCount, as: Int64.self)
        head.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(rebasing: bytes[(Digest.byteCount + 8)...]).copyMemory(from: $0)
        }
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
    /// `count` bits from bit `start` on, eight at the most, the first bit being the highest of the first byte.
    func bits(from start: Int, count: Int) -> Int {
        withUnsafeBytes { bytes in
            guard start < 8 * Digest.byteCount else { return 0 }
            let place = start >> 3
            let next = place + 1 < Digest.byteCount ? Int(bytes[place + 1]) : 0
            let window = Int(bytes[place]) << 8 | next
            return window >> (16 - start & 7 - count) & (1 << count - 1)
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

    /// The first 64 bits, as a number.
    var beginning: UInt64 {
        withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
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
