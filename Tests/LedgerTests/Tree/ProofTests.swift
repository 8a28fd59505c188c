import Cryptography
import Testing

@testable import Ledger

@Suite struct ProofTests {
    private struct Probe {
        let holds: Bool
        /// −1 for what is beyond 2^63.
        let numbers: [Int64]
        let hashes: [Digest?]
        let proof: [Digest?]

        init(_ row: [Substring]) {
            func hash(_ name: Substring) -> Digest? { MerkleProbes.hashes[String(name)].flatMap { Digest(hex: $0) } }
            holds = row[0] == "yes"
            numbers = row[1...2].map { Int64($0) ?? -1 }
            hashes = row[3...4].map(hash)
            proof = row[5] == "-" ? [] : row[5].split(separator: ",").map(hash)
        }

        /// `nil` where something is no hash: the reader of the text refuses it.
        var all: (first: Digest, second: Digest, proof: [Digest])? {
            let proof = proof.compactMap { $0 }
            guard let first = hashes[0], let second = hashes[1], proof.count == self.proof.count else { return nil }
            return (first, second, proof)
        }
    }

    @Test func `every probe of inclusion is answered as it ought to be`() {
        let probes = rows(MerkleProbes.inclusion).map { Probe($0) }
        #expect(probes.count == 98)
        for probe in probes {
            let holds = probe.all.map { root, leaf, proof in
                MerkleProof.includes(
                    leafHash: leaf,
                    index: probe.numbers[0],
                    size: probe.numbers[1],
                    root: root,
                    proof: proof
                )
            }
            #expect((holds ?? false) == probe.holds, "\(probe)")
        }
    }

    @Test func `every probe of consistency is answered as it ought to be`() {
        let probes = rows(MerkleProbes.consistency).map { Probe($0) }
        // One is left out that has roots of 12 bytes and is to be taken.
        #expect(probes.count == 97)
        for probe in probes {
            let holds = probe.all.map { old, new, proof in
                MerkleProof.isConsistent(
                    oldSize: probe.numbers[0],
                    newSize: probe.numbers[1],
                    oldRoot: old,
                    newRoot: new,
                    proof: proof
                )
            }
            #expect((holds ?? false) == probe.holds, "\(probe)")
        }
    }

    @Test func `no other proof, place or leaf passes in trees of up to 40 leaves`() throws {
        let tree = TestTree.counting(40)
        var wrong = 0
        for size in Int64(1)...40 {
            var reader = tree.reader(size: size)
            let root = try reader.root()
            for index in 0..<size {
                let proof = try reader.inclusionProof(index: index)
                let leaf = tree.leaves[Int(index)]
                for candidate in mutations(of: proof, with: root) {
                    wrong += 1
                    #expect(!includes(leaf, index, size, root, candidate))
                }
                for other in (0..<size) where other != index { #expect(!includes(leaf, other, size, root, proof)) }
                #expect(!includes(TestTree.leafHash(99), index, size, root, proof))
                #expect(!includes(leaf, -1, size, root, proof))
            }
        }
        #expect(wrong > 3000)
    }

    @Test func `no other proof of consistency passes in trees of up to 20 leaves`() throws {
        let tree = TestTree.counting(20)
        let roots = try (0...Int64(20)).map { size in
            var reader = tree.reader(size: size)
            return try reader.root()
        }
        for new in Int64(0)...20 {
            var reader = tree.reader(size: new)
            for old in 0...new {
                let proof = try reader.consistencyProof(from: old)
                let (oldRoot, newRoot) = (roots[Int(old)], roots[Int(new)])
                #expect(isConsistent(old, new, oldRoot, newRoot, proof))
                for candidate in mutations(of: proof, with: newRoot) {
                    #expect(!isConsistent(old, new, oldRoot, newRoot, candidate))
                }
                if old > 0 {
                    #expect(!isConsistent(old, new, TestTree.leafHash(99), newRoot, proof))
                    #expect(!isConsistent(old, new, oldRoot, TestTree.leafHash(99), proof))
                }
                if old < new { #expect(!isConsistent(new, old, newRoot, oldRoot, proof)) }
            }
        }
        #expect(!isConsistent(-1, 5, roots[0], roots[5], []))
    }

    @Test(arguments: [Int64.max, Int64.max - 1, 1 << 62, (1 << 62) + 1] as [Int64])
    func `numbers at the edge are refused or walked, never a trap`(size: Int64) {
        let leaf = TestTree.leafHash(0)
        for count in [0, 1, 62, 63, 64, 200] {
            let proof = [Digest](repeating: leaf, count: count)
            #expect(!includes(leaf, size - 1, size, leaf, proof))
            #expect(!includes(leaf, size, size, leaf, proof))
            #expect(!includes(leaf, 0, size, leaf, proof))
            #expect(!isConsistent(size - 1, size, leaf, leaf, proof))
            #expect(!isConsistent(1, size, leaf, leaf, proof))
        }
    }

    private func includes(_ leaf: Digest, _ index: Int64, _ size: Int64, _ root: Digest, _ proof: [Digest]) -> Bool {
        MerkleProof.includes(leafHash: leaf, index: index, size: size, root: root, proof: proof)
    }

    private func isConsistent(_ old: Int64, _ new: Int64, _ oldRoot: Digest, _ newRoot: Digest, _ proof: [Digest])
        -> Bool
    {
        MerkleProof.isConsistent(oldSize: old, newSize: new, oldRoot: oldRoot, newRoot: newRoot, proof: proof)
    }

    /// One hash too few, too many, changed, or in another place.
    private func mutations(of proof: [Digest], with extra: Digest) -> [[Digest]] {
        var all = [proof + [extra], [extra] + proof]
        for index in proof.indices {
            var (fewer, changed, swapped) = (proof, proof, proof)
            fewer.remove(at: index)
            changed[index] = extra
            swapped.swapAt(index, (index + 1) % proof.count)
            all += [fewer, changed, swapped]
        }
        return all.filter { $0 != proof }
    }
}
