import CLibSodium

/// A verifiable random function: ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381, suite 0x03).
///
/// Only the holder of the key can compute the output for an input, and proves with 80 bytes that it is the only one.
package enum VRF {
    package static let keyByteCount = 32
    package static let proofByteCount = 80
    package static let outputByteCount = 64

    package struct PrivateKey: Sendable {
        package let seed: SecretBytes
        package let publicKey: PublicKey
        private let scalar: SecretBytes
        /// The second half of the key's hash, from which nonces are made.
        private let nonceKey: SecretBytes

        package init(seed: SecretBytes) throws(CryptographyError) {
            guard seed.count == VRF.keyByteCount else {
                throw .wrongLength(expected: VRF.keyByteCount, actual: seed.count)
            }
            var hash = seed.withUnsafeBytes { SHA512.hash([$0]) }
            // RFC 8032, section 5.1.5.
            hash[0] &= 248
            hash[31] = hash[31] & 127 | 64
            guard let point = EdwardsPoint.base(times: Array(hash.prefix(32))) else {
                throw .library(operation: "crypto_scalarmult_ed25519_base_noclamp")
            }
            self.seed = seed
            scalar = SecretBytes(hash.prefix(32))
            nonceKey = SecretBytes(hash.suffix(32))
            publicKey = PublicKey(point: point)
        }

        package static func generate() throws(CryptographyError) -> PrivateKey {
            try PrivateKey(seed: .random(count: VRF.keyByteCount))
        }

        /// RFC 9381, section 5.1.
        package func prove(_ input: some Collection<UInt8>) throws(CryptographyError) -> [UInt8] {
            guard let h = publicKey.point.encodedInput(input) else { throw .library(operation: "encode_to_curve") }
            let x = scalar.withUnsafeBytes { Array($0) }
            let k = nonceKey.withUnsafeBytes { EdwardsScalar.reduced(SHA512.hash([$0], h.bytes)) }
            guard let gamma = h.times(x), let kB = EdwardsPoint.base(times: k), let kH = h.times(k) else {
                throw .library(operation: "crypto_scalarmult_ed25519_noclamp")
            }
            let challenge = VRF.challenge([publicKey.point, h, gamma, kB, kH])
            return gamma.bytes + challenge + EdwardsScalar.multiplyAdd(challenge, x, k)
        }
    }

    package struct PublicKey: Sendable, Hashable {
        let point: EdwardsPoint

        package var bytes: [UInt8] { point.bytes }

        init(point: EdwardsPoint) {
            self.point = point
        }

        /// `nil` for what is no point of the prime-order group, written in its one way: a key of small order would have
        /// the same output for every input (RFC 9381, section 5.4.5).
        package init?(bytes: some Collection<UInt8>) {
            guard let point = EdwardsPoint(valid: Array(bytes)) else { return nil }
            self.point = point
        }

        /// RFC 9381, section 5.3.
        /// - Returns: the 64 bytes of output; `nil` for whatever is no proof for this input under this key.
        package func output(proof: some Collection<UInt8>, for input: some Collection<UInt8>) -> [UInt8]? {
            guard let proof = Proof(Array(proof)), let h = point.encodedInput(input),
                let sB = EdwardsPoint.base(times: proof.scalar), let cY = point.times(proof.fullChallenge),
                let u = sB.minus(cY), let sH = h.times(proof.scalar),
                let cGamma = proof.gamma.times(proof.fullChallenge),
                let v = sH.minus(cGamma),
                ConstantTime.equal(VRF.challenge([point, h, proof.gamma, u, v]), proof.challenge)
            else { return nil }
            return proof.output
        }
    }

    /// The output that a proof stands for, which must have been verified, or made by oneself (RFC 9381, section 5.2).
    package static func output(ofProof proof: some Collection<UInt8>) -> [UInt8]? {
        Proof(Array(proof))?.output
    }

    private struct Proof {
        let gamma: EdwardsPoint
        let challenge: [UInt8]
        let scalar: [UInt8]

        init?(_ bytes: [UInt8]) {
            guard bytes.count == VRF.proofByteCount, let gamma = EdwardsPoint(valid: Array(bytes.prefix(32))),
                EdwardsScalar.isCanonical(bytes.suffix(32))
            else { return nil }
            self.gamma = gamma
            challenge = Array(bytes[32..<48])
            scalar = Array(bytes.suffix(32))
        }

        var fullChallenge: [UInt8] { challenge + [UInt8](repeating: 0, count: 16) }

        var output: [UInt8]? {
            gamma.timesCofactor.map { SHA512.hash([], [VRF.suite, 3] + $0.bytes + [0]) }
        }
    }

    static let suite: UInt8 = 3

    private static func challenge(_ points: [EdwardsPoint]) -> [UInt8] {
        Array(SHA512.hash([], [suite, 2] + points.flatMap(\.bytes) + [0]).prefix(16))
    }
}

extension EdwardsPoint {
    /// Try-and-increment, salted with the public key, which is this point (RFC 9381, section 5.4.1.1). The time tells
    /// something of the input, which is no secret here.
    func encodedInput(_ input: some Collection<UInt8>) -> EdwardsPoint? {
        let head = [VRF.suite, 1] + bytes + Array(input)
        for counter in UInt8.min...UInt8.max {
            let candidate = SHA512.hash([], head + [counter, 0]).prefix(32)
            if let point = EdwardsPoint(timesCofactorOf: Array(candidate)) { return point }
        }
        return nil
    }
}
