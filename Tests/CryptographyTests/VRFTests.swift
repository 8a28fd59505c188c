import Cryptography
import Testing

struct VRFTests {
    /// RFC 9381, appendix B.3, examples 16 to 18: secret key, public key, input, proof, output.
    static let vectors = rows(
        """
        9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60 \
        d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a - \
        8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d9727d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805 \
        90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae
        4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb \
        3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c 72 \
        f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed5933bf0864a62558b3ed7f2fea45c92a465301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02 \
        eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031
        c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7 \
        fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025 af82 \
        9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf8096bb474e53895c362d8628ee9f9ea3c0e52c7a5c691b6c18c9979866568add7a2d41b00b05081ed0f58ee5e31b3a970e \
        645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c452118fec1219202a0edcf038bb6373241578be7217ba85a2687f7a0310b2df19f
        """
    )

    @Test(arguments: vectors)
    func `proof and output are those of the RFC`(vector: [String]) throws {
        let key = try VRF.PrivateKey(seed: SecretBytes(bytes(vector[0])))
        let (input, proof, output) = (bytes(vector[2]), bytes(vector[3]), bytes(vector[4]))
        #expect(key.publicKey.bytes == bytes(vector[1]))
        #expect(try key.prove(input) == proof)
        #expect(VRF.output(ofProof: proof) == output)
        #expect(try #require(VRF.PublicKey(bytes: bytes(vector[1]))).output(proof: proof, for: input) == output)
    }

    @Test(arguments: vectors)
    func `no bit of a proof can be changed`(vector: [String]) throws {
        let key = try #require(VRF.PublicKey(bytes: bytes(vector[1])))
        let (input, proof) = (bytes(vector[2]), bytes(vector[3]))
        for changed in oneBitFlips(of: proof) { #expect(key.output(proof: changed, for: input) == nil) }
        for changed in oneBitFlips(of: input) + [input + [0]] { #expect(key.output(proof: proof, for: changed) == nil) }
        for wrong in [[], proof.dropLast(), proof + [0], proof + proof] {
            #expect(key.output(proof: wrong, for: input) == nil)
            #expect(VRF.output(ofProof: wrong) == nil)
        }
    }

    @Test func `a proof is for one key`() throws {
        let proofs = VRFTests.vectors.map { bytes($0[3]) }
        let keys = VRFTests.vectors.compactMap { VRF.PublicKey(bytes: bytes($0[1])) }
        #expect(keys[1].output(proof: proofs[0], for: []) == nil)
        #expect(keys[0].output(proof: proofs[1], for: [0x72]) == nil)
    }

    /// The points of small order, and their other ways of being written; values beyond the field; a number that is no
    /// coordinate.
    static let badPoints = """
        0100000000000000000000000000000000000000000000000000000000000000
        0000000000000000000000000000000000000000000000000000000000000000
        0000000000000000000000000000000000000000000000000000000000000080
        ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
        26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05
        26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85
        c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a
        c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa
        0100000000000000000000000000000000000000000000000000000000000080
        ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
        edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
        eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
        ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
        0200000000000000000000000000000000000000000000000000000000000000
        """.split(separator: "\n").map { String($0) }

    @Test(arguments: badPoints)
    func `a point outside the group is neither key nor proof`(point: String) throws {
        #expect(VRF.PublicKey(bytes: bytes(point)) == nil)
        let vector = VRFTests.vectors[0]
        let key = try #require(VRF.PublicKey(bytes: bytes(vector[1])))
        #expect(key.output(proof: bytes(point) + bytes(vector[3]).dropFirst(32), for: []) == nil)
    }

    @Test func `a scalar is written in one way`() throws {
        let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        for vector in VRFTests.vectors {
            let key = try #require(VRF.PublicKey(bytes: bytes(vector[1])))
            var proof = bytes(vector[3])
            var carry = 0
            for index in 0..<32 {
                let sum = Int(proof[48 + index]) + Int(order[index]) + carry
                proof[48 + index] = UInt8(sum & 255)
                carry = sum >> 8
            }
            #expect(key.output(proof: proof, for: bytes(vector[2])) == nil)
            #expect(VRF.output(ofProof: proof) == nil)
        }
    }

    @Test func `keys and seeds have 32 bytes`() {
        #expect(VRF.PublicKey(bytes: [UInt8](repeating: 9, count: 31)) == nil)
        #expect(VRF.PublicKey(bytes: bytes(VRFTests.vectors[0][1]) + [0]) == nil)
        #expect(throws: CryptographyError.wrongLength(expected: 32, actual: 31)) {
            try VRF.PrivateKey(seed: SecretBytes([UInt8](repeating: 9, count: 31)))
        }
    }

    @Test func `every key proves what it computes`() throws {
        for length in 0..<40 {
            let key = try VRF.PrivateKey.generate()
            let input = [UInt8](repeating: UInt8(length), count: length)
            let proof = try key.prove(input)
            #expect(try key.prove(input) == proof)
            #expect(key.publicKey.output(proof: proof, for: input) == VRF.output(ofProof: proof))
        }
    }
}
