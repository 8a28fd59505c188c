import Core
import Cryptography
import Testing

@testable import Ledger

@Suite struct VehicleIndexTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6, 8], [UInt64(1), 2, 3])
    func `updates in batches give the map that is made at once`(levels: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var index = TestIndex(layout: IndexLayout(levels: levels))
        for _ in 0..<8 {
            let batch = (0..<1 + generator.below(80)).map { _ in
                let number = generator.below(400)
                return TestIndex.head(number, (index.heads[TestIndex.key(number)]?.count ?? 0) + 1)
            }
            let update = try index.update(batch)
            #expect(index.root == VehicleMap.root(of: index.heads.values))
            #expect(try index.index.root() == index.root)
            #expect(Set(update.pages.map(\.path)).count == update.pages.count)
        }
        for number in stride(from: 0, to: 450, by: 9) {
            let key = TestIndex.key(number)
            let (head, proof, root) = try index.index.proof(of: key)
            #expect(head == index.heads[key])
            #expect(root == index.root)
            if let head {
                #expect(proof.root(including: head) == root)
                #expect(proof.root(excluding: key) != root)
            } else {
                #expect(proof.root(excluding: key) == root)
                #expect(proof.root(including: TestIndex.head(number)) != root)
            }
        }
    }

    @Test func `the format's rules give the roots of small maps`() throws {
        var index = TestIndex()
        #expect(try index.index.root() == .zero)
        let first = VehicleHead(vehicle: TestIndex.key(bits: "00"), count: 1, head: .zero)
        try index.update([first])
        // One car is its leaf, however many levels lie above it.
        #expect(index.root == SHA256.hash([0] + first.vehicle.bytes + [0, 0, 0, 0, 0, 0, 0, 1] + Digest.zero.bytes))
        let second = VehicleHead(vehicle: TestIndex.key(bits: "01"), count: 2, head: .zero)
        try index.update([second])
        let pair = SHA256.hash([1] + first.hash.bytes + second.hash.bytes)
        #expect(index.root == SHA256.hash([1] + pair.bytes + Digest.zero.bytes))
        let third = VehicleHead(vehicle: TestIndex.key(bits: "1"), count: 3, head: .zero)
        try index.update([third])
        #expect(index.root == SHA256.hash([1] + pair.bytes + third.hash.bytes))
    }

    @Test func `keys that differ in the last bit alone stand 256 levels down`() throws {
        var index = TestIndex()
        let heads = [UInt8(0), 1].map { VehicleHead(vehicle: TestIndex.key(bits: "", $0), count: 1, head: .zero) }
        try index.update([heads[0]])
        try index.update([heads[1]])
        #expect(index.root == VehicleMap.root(of: heads))
        for head in heads {
            let (found, proof, root) = try index.index.proof(of: head.vehicle)
            #expect(found == head)
            #expect(proof.siblings.count == 256)
            #expect(proof.root(including: head) == root)
        }
    }

    @Test func `nothing else is proven of a car, there or not`() throws {
        var index = TestIndex()
        try index.update((0..<200).map { TestIndex.head($0) })
        for number in [3, 77, 1000, 1001, 1002, 1003] {
            let key = TestIndex.key(number)
            let (head, proof, root) = try index.index.proof(of: key)
            var candidates = [
                IndexProof(siblings: proof.siblings + [root], other: proof.other),
                IndexProof(siblings: [root] + proof.siblings, other: proof.other),
                IndexProof(siblings: [.zero] + proof.siblings, other: proof.other),
                IndexProof(siblings: proof.siblings, other: proof.other == nil ? TestIndex.head(number + 1) : nil),
                IndexProof(siblings: [Digest](repeating: root, count: 257), other: proof.other),
                IndexProof(siblings: [], other: nil),
            ]
            for place in proof.siblings.indices {
                var siblings = proof.siblings
                siblings[place] = root
                candidates.append(IndexProof(siblings: siblings, other: proof.other))
                siblings.remove(at: place)
                candidates.append(IndexProof(siblings: siblings, other: proof.other))
            }
            for candidate in candidates {
                if let head { #expect(candidate.root(including: head) != root) }
                #expect(candidate.root(excluding: key) != root)
                #expect(candidate.root(including: TestIndex.head(number, 2)) != root)
            }
        }
    }

    @Test func `a car does not prove its own absence`() throws {
        var index = TestIndex()
        try index.update([TestIndex.head(1)])
        let proof = IndexProof(siblings: [], other: TestIndex.head(1))
        #expect(proof.root(excluding: TestIndex.key(1)) == nil)
        #expect(proof.root(excluding: TestIndex.key(2)) == index.root)
    }

    @Test func `no car ever has fewer entries`() throws {
        var index = TestIndex()
        try index.update([TestIndex.head(1, 5), TestIndex.head(2, 1)])
        let wrong = IndexError.goesBack(vehicle: TestIndex.key(1))
        #expect(throws: wrong) { try index.index.updating([TestIndex.head(1, 4)]) }
        #expect(throws: wrong) { try index.index.updating([TestIndex.head(1, 7), TestIndex.head(1, 6)]) }
        #expect(try index.update([TestIndex.head(1, 5)]).root == index.root)
        #expect(try index.update([]) == IndexUpdate(root: index.root, pages: []))
    }

    @Test func `pages that are missing or altered are found`() throws {
        var index = TestIndex()
        try index.update((0..<200).map { TestIndex.head($0) })
        let key = TestIndex.key(5)
        let path = IndexPagePath(depth: 4, of: key)
        let whole = index.pages.rows[path.bytes]!
        index.pages.rows[path.bytes] = nil
        #expect(throws: IndexError.missingPage(path)) { try index.index.proof(of: key) }
        #expect(throws: IndexError.missingPage(path)) { try index.index.updating([TestIndex.head(5, 2)]) }
        let other = index.pages.rows[IndexPagePath(depth: 4, of: TestIndex.key(bits: "0000")).bytes]!
        let elsewhere = path == IndexPagePath(depth: 4, of: TestIndex.key(bits: "0000"))
        for bytes in [whole.dropLast(), whole + [0], [], [9] + whole.dropFirst()] + (elsewhere ? [] : [other]) {
            index.pages.rows[path.bytes] = bytes
            #expect(throws: IndexError.malformedPage(path)) { try index.index.proof(of: key) }
        }
    }

    @Test(arguments: [4, 5, 8])
    func `everything computed anew gives the root, and finds the page that was altered`(levels: Int) throws {
        var index = TestIndex(layout: IndexLayout(levels: levels))
        for start in [0, 100, 200] { try index.update((start..<start + 100).map { TestIndex.head($0) }) }
        var seen: [Digest: VehicleHead] = [:]
        #expect(try index.index.checked { seen[$0.vehicle] = $0 } == index.root)
        #expect(seen == index.heads)
        for (path, bytes) in index.pages.rows {
            // Root page: a node that is kept. Others: a head, a hash, a root or a node.
            var altered = index
            altered.pages.rows[path]![bytes.count - 1] ^= 1
            #expect(throws: IndexError.self) { try altered.index.checked { _ in } }
            altered.pages.rows[path] = bytes
            altered.pages.rows[path]![bytes.firstIndex { $0 != 0 }! + 40] ^= 1
            #expect((try? altered.index.checked { _ in }) != index.root)
            altered.pages.rows[path] = nil
            #expect((try? altered.index.checked { _ in }) != index.root)
        }
    }

    @Test func `a place is written in one way`() throws {
        for depth in [0, 1, 4, 8, 12, 252] {
            let path = IndexPagePath(depth: depth, of: TestIndex.key(7))
            #expect(IndexPagePath(bytes: path.bytes) == path)
            #expect(path.bytes.count == 1 + (depth + 7) / 8)
        }
        for wrong in [[], [4], [4, 0x0F], [4, 0xF0, 0], [0, 0], [8]] as [[UInt8]] {
            #expect(IndexPagePath(bytes: wrong) == nil)
        }
    }

    @Test func `an auditor makes the map anew from the leaves`() throws {
        var index = TestIndex()
        var leaves: [LogLeaf] = []
        var generator = SeededGenerator(seed: 9)
        for step in 0..<300 {
            let leaf = LogLeaf(vehicle: TestIndex.key(generator.below(60)), entry: SHA256.hash(Array("\(step)".utf8)))
            let count = (index.heads[leaf.vehicle]?.count ?? 0) + 1
            try index.update([VehicleHead(vehicle: leaf.vehicle, count: count, head: leaf.entry)])
            leaves.append(leaf)
        }
        #expect(VehicleMap.heads(of: leaves) == index.heads)
        #expect(VehicleMap.root(of: VehicleMap.heads(of: leaves).values) == index.root)
        // An entry that was held back from it gives another one.
        #expect(VehicleMap.root(of: VehicleMap.heads(of: leaves.dropLast()).values) != index.root)
    }
}

@Suite struct VehicleKeyTests {
    @Test func `a car has one key, which its proof shows`() throws {
        let key = try VRF.PrivateKey(seed: SecretBytes((0..<32).map { UInt8($0) }))
        let (vehicle, proof) = try VehicleKey.make(vin: TestChain.vin, key: key)
        #expect(VehicleKey.verify(proof: proof, vin: TestChain.vin, key: key.publicKey) == vehicle)
        #expect(VehicleKey.verify(proof: proof, vin: "LSVAU2187N2123457", key: key.publicKey) == nil)
        let other = try VRF.PrivateKey.generate()
        #expect(VehicleKey.verify(proof: proof, vin: TestChain.vin, key: other.publicKey) == nil)
        #expect(VehicleKey.key(ofOutput: [1, 2]) == nil)
    }
}
