import Core
import Cryptography
import Testing

@testable import Ledger

@Suite struct BundleTests {
    private func verify(_ bundle: ProofBundle, _ keys: BundleKeys = TestLog.keys) -> [BundleVerdict] {
        BundleVerifier.verify(bundle.bytes, keys: keys)
    }

    @Test func `an honest bundle verifies, and is read as it was written`() throws {
        let bundle = try TestLog.with(TestLog.chain).bundle(TestLog.chain.stored)
        let verdicts = verify(bundle)
        #expect(verdicts.failures == "")
        #expect(verdicts.isGenuine)
        #expect(verdicts.summary.zh == "真实、未改动且完整")
        #expect(try ProofBundle(parsing: bundle.bytes) == bundle)
        let codes = verdicts.map(\.code)
        #expect(
            codes == ["format"] + ChainCheck.allCases.map { "chain_\($0.rawValue)" }
                + BundleCheck.allCases.dropFirst().dropLast().map(\.rawValue)
        )
        #expect(verdicts.allSatisfy { !$0.detail.zh.isEmpty && !$0.detail.en.isEmpty })
    }

    /// What was given out verifies for ever: the format, its keys and its hashes must not move.
    @Test func `the sample bundle keeps its bytes`() throws {
        let bundle = try TestLog.with(TestLog.chain).bundle(TestLog.chain.stored)
        #expect(bundle.bytes.count == 3943)
        #expect(SHA256.hash(bundle.bytes).hex == "620563524c1a39037900a3f77e14cd9a67c6cae39632d5436be39f50c7f3ef1a")
    }

    @Test func `a car without history is shown to have none`() throws {
        let log = TestLog.with(TestChain())
        let verdicts = verify(try log.bundle([], keys: []))
        #expect(verdicts.failures == "")
        #expect(verdicts.last?.detail.en == "As of entry 33 of the log there is none about this car")
        // The same said of a car that has entries.
        let other = TestLog.with(TestLog.chain)
        #expect(verify(try other.bundle([], keys: [])).failures == "completeness")
    }

    @Test func `entries that the index does not cover yet are told from those it does`() throws {
        for late in 0...3 {
            let log = TestLog.with(TestLog.chain, late: late)
            let verdicts = verify(try log.bundle(TestLog.chain.stored))
            #expect(verdicts.failures == "", "\(late)")
            let count = late == 3 ? "none about this car" : "exactly \(3 - late) about this car"
            #expect(verdicts.last?.detail.en.contains(count) == true)
        }
    }

    @Test func `an erased payload is sealed, and no fault`() throws {
        var chain = TestLog.chain
        chain.add("payload.erased", ["entry": .string(chain.hashes[1].hex), "ground": "个人信息保护法 第四十七条"])
        var entries = chain.stored
        entries[1].payload = nil
        let log = TestLog.with(chain)
        let verdicts = verify(try log.bundle(entries, keys: []))
        #expect(verdicts.isGenuine)
        #expect(verdicts.first { $0.code == "sealed" }?.outcome == .sealed)
        #expect(verdicts.summary.zh == "真实、未改动且完整；部分内容已依法删除")
        entries[2].payload = nil
        #expect(verify(try log.bundle(entries, keys: [])).failures == "chain_erasure")
    }

    @Test func `an entry held back, added, swapped or of another car is found`() throws {
        let log = TestLog.with(TestLog.chain)
        let bundle = try log.bundle(TestLog.chain.stored)
        var hidden = bundle
        hidden.entries.removeLast()
        #expect(verify(hidden).failures == "completeness")
        var swapped = bundle
        swapped.entries.swapAt(0, 1)
        #expect(verify(swapped).failures == "chain_sequence chain_link chain_time inclusion")
        var other = bundle
        other.vin = "LSVAU2187N2123457"
        #expect(verify(other).failures == "chain_vehicle vehicle_key inclusion completeness")
        var longer = TestLog.chain
        longer.add()
        var added = bundle
        added.entries.append(BundleEntry(longer.stored[3]))
        #expect(verify(added).failures == "inclusion completeness")
        added.entries[3].leaf = bundle.entries[2].leaf
        #expect(verify(added).failures == "inclusion completeness")
        // The newest has to stand in the tree by itself.
        var unproven = bundle
        unproven.entries[2].leaf = nil
        #expect(verify(unproven).failures == "inclusion")
        unproven = bundle
        unproven.entries[0].leaf = nil
        #expect(verify(unproven).failures == "")
        unproven.entries[1].leaf?.hashes.append(.zero)
        #expect(verify(unproven).failures == "inclusion")
    }

    @Test func `what was shown once is told from what was recorded since`() throws {
        let log = TestLog.with(TestLog.chain)
        let hashes = TestLog.chain.hashes
        func verdict(_ count: Int64, _ head: Digest?) throws -> [BundleVerdict] {
            verify(try log.bundle(TestLog.chain.stored, asOf: BundleMoment(entryCount: count, head: head)))
        }
        for count in 0...3 {
            let verdicts = try verdict(Int64(count), count == 0 ? nil : hashes[count - 1])
            #expect(verdicts.failures == "")
            #expect(verdicts.last?.code == "as_of")
            #expect(verdicts.last?.detail.en.contains("the first \(count); recorded since: \(3 - count)") == true)
        }
        for (count, head) in [(2, hashes[2]), (2, nil), (0, hashes[0]), (4, hashes[2]), (-1, nil)] {
            #expect(try verdict(Int64(count), head).failures == "as_of", "\(count)")
        }
    }

    @Test func `an entry about the time before what was shown is counted as late`() throws {
        var chain = TestChain()
        chain.add(recordedAt: TestChain.start.adding(seconds: 100 * 3600))
        chain.add(recordedAt: TestChain.start.adding(seconds: 101 * 3600))
        let bundle = try TestLog.with(chain).bundle(
            chain.stored,
            keys: [],
            asOf: BundleMoment(entryCount: 1, head: chain.hashes[0])
        )
        #expect(verify(bundle).last?.detail.en.contains("since: 1, of which 1") == true)
    }

    @Test func `notes of another log, time or key are found`() throws {
        let log = TestLog.with(TestLog.chain)
        let bundle = try log.bundle(TestLog.chain.stored)
        func text(_ note: SignedNote) -> String { String(decoding: note.bytes, as: UTF8.self) }
        // An old checkpoint, before the newest entry was in the tree.
        var old = bundle
        var reader = log.tree.reader(size: 21)
        var note = try Checkpoint(origin: TestLog.origin, size: 21, root: reader.root())!.signed(by: [TestLog.signer])
        note.add(try TestLog.witness.sign(note.text, atSeconds: 1))
        old.checkpoint = text(note)
        #expect(verify(old).failures == "inclusion index_size")
        // Without its witness, and with a witness's word for something else.
        var alone = bundle
        alone.checkpoint = text(try SignedNote(text: log.checkpoint.text, signatures: [log.checkpoint.signatures[0]]))
        #expect(verify(alone).failures == "witnesses")
        alone.checkpoint = text(
            try SignedNote(text: log.checkpoint.text, signatures: [log.checkpoint.signatures[0], note.signatures[1]])
        )
        #expect(verify(alone).failures == "witnesses")
        var swapped = bundle
        swapped.vehicles = bundle.checkpoint
        #expect(verify(swapped).failures == "index_signature index_size completeness")
        swapped = bundle
        swapped.checkpoint = "nothing"
        #expect(verify(swapped).failures == "checkpoint_signature witnesses inclusion index_size")
        // A fork: the same size, another tree, signed by the log itself.
        var fork = log
        fork.tree = TestTree()
        fork.appendOthers(36)
        var forked = bundle
        forked.checkpoint = text(fork.checkpoint)
        #expect(verify(forked).failures == "inclusion")
    }

    @Test func `other keys than one's own are not taken`() throws {
        let bundle = try TestLog.with(TestLog.chain).bundle(TestLog.chain.stored)
        let stranger = TestNotes.signer(TestLog.origin, .ed25519, 77).verifierKey
        let text = TestLog.keysText.replacing(TestLog.signer.verifierKey.text, with: stranger.text)
        #expect(
            verify(bundle, try BundleKeys(parsing: text)).failures == "checkpoint_signature index_signature"
        )
        let vrf = try VRF.PrivateKey.generate().publicKey
        let swapped = BundleKeys(policy: TestLog.keys.policy, vehicles: vrf)
        #expect(verify(bundle, swapped).failures == "vehicle_key inclusion completeness")
    }

    @Test func `a source's key is that which is known, and none too many`() throws {
        let log = TestLog.with(TestLog.chain)
        let known =
            TestLog.keysText
            + "source \(TestChain.workshop) \(TestChain.keyID) \(Base64.encode(TestChain.key.publicKey.bytes))\n"
        let bundle = try log.bundle(TestLog.chain.stored)
        #expect(verify(bundle, try BundleKeys(parsing: known)).failures == "")
        let strange = try Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: 5, count: 32))).publicKey
        let wrong = SourceKey(source: TestChain.workshop, key: TestChain.keyID, publicKey: strange)
        let mistaken = BundleKeys(policy: TestLog.keys.policy, vehicles: TestLog.keys.vehicles, sources: [wrong])
        #expect(verify(bundle, mistaken).failures == "source_keys")
        #expect(verify(try log.bundle(TestLog.chain.stored, keys: [wrong])).failures == "chain_signature")
        #expect(verify(try log.bundle(TestLog.chain.stored, keys: [])).failures == "chain_signature")
        let unused = SourceKey(source: TestChain.insurer, key: "k", publicKey: strange)
        let more = try log.bundle(TestLog.chain.stored, keys: [TestLog.workshopKey, unused])
        #expect(verify(more).failures == "source_keys")
        let twice = try log.bundle(TestLog.chain.stored, keys: [TestLog.workshopKey, TestLog.workshopKey])
        #expect(verify(twice).failures == "format")
    }

    /// What is put in place of the line `vehicles`, and the line that is named.
    @Test(
        arguments: [
            ("", 0), ("vehicles", 5), ("vehicles AAAA", 5), ("vehicles \(Base64.encode(Digest.zero.bytes))", 5),
            ("vehicles \(Base64.encode(TestLog.vrf.publicKey.bytes)) more", 5), ("nonsense", 5),
            ("source a b\n", 5), ("source a b AAAA\n", 5),
            (
                "vehicles \(Base64.encode(TestLog.vrf.publicKey.bytes))\n"
                    + "vehicles \(Base64.encode(TestLog.vrf.publicKey.bytes))", 6
            ),
        ]
    )
    func `keys with a fault name its line`(line: String, number: Int) {
        let text = TestLog.keysText.replacing("vehicles \(Base64.encode(TestLog.vrf.publicKey.bytes))\n", with: line)
        let error = #expect(throws: PolicyError.self) { try BundleKeys(parsing: text) }
        #expect(error?.line == number)
    }

    @Test func `two hundred entries spread over a log stay within 12 KB`() throws {
        var chain = TestChain()
        for _ in 0..<200 { chain.add() }
        var log = TestLog()
        var next = 0
        for hash in chain.hashes {
            log.appendOthers(9, from: next)
            next += 9
            log.append(vehicle: TestLog.vehicle, [hash])
        }
        log.updateIndex([TestLog.vehicle: (200, chain.hashes[199])])
        let bundle = try log.bundle(chain.stored, keys: [])
        #expect(verify(bundle).failures == "")
        #expect(bundle.overhead <= 12_288)
        #expect((2..<200).contains(bundle.entries.count { $0.leaf != nil }))
    }

    @Test func `what the index does not count yet is proven, whatever room there is`() throws {
        var chain = TestChain()
        for _ in 0..<200 { chain.add() }
        let bundle = try TestLog.with(chain, late: 190).bundle(chain.stored, keys: [])
        #expect(verify(bundle).failures == "")
        #expect(bundle.entries.count { $0.leaf != nil } == 190)
    }
}
