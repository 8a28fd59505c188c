import Support
import Testing

/// The checker finds what is planted, and nothing else.
@Suite struct ListAppendTests {
    private typealias Operation = ListAppend.Operation

    private func append(_ value: String, at position: Int, _ asked: Int, _ answered: Int, by client: Int = 1)
        -> ListAppend.Operation
    {
        Operation(
            client: client,
            key: "k",
            asked: asked,
            answered: answered,
            action: .append(value, position: position)
        )
    }

    private func read(_ values: String, _ asked: Int, _ answered: Int, by client: Int = 2) -> ListAppend.Operation {
        Operation(client: client, key: "k", asked: asked, answered: answered, action: .read(values.map(String.init)))
    }

    private func anomalies(_ operations: [ListAppend.Operation], _ list: String) -> Set<ListAppend.Anomaly> {
        ListAppend.anomalies(in: operations, lists: ["k": list.map(String.init)])
    }

    @Test func `what happened one after the other and at once is in order`() {
        let operations = [
            append("a", at: 0, 1, 2), read("a", 3, 4), append("b", at: 2, 5, 9), append("c", at: 1, 6, 8, by: 3),
            read("a", 7, 10), read("ac", 11, 14, by: 4), read("acb", 12, 13), append("d", at: 3, 11, 20, by: 5),
        ]
        #expect(anomalies(operations, "acbd") == [.stale(key: "k", asked: 11)], "one that saw less than was answered")
        #expect(anomalies(operations.filter { $0.client != 4 }, "acbd") == [])
    }

    @Test func `a lost append is found`() {
        #expect(anomalies([append("a", at: 0, 1, 2), append("b", at: 1, 3, 4)], "a") == [.lost("b")])
    }

    @Test func `a doubled append is found`() {
        #expect(anomalies([append("a", at: 0, 1, 2)], "aa") == [.doubled("a")])
    }

    @Test func `an entry that stands elsewhere than was said is found`() {
        let operations = [append("a", at: 0, 1, 4), append("b", at: 1, 2, 3, by: 2)]
        #expect(anomalies(operations, "ba") == [.reordered("a"), .reordered("b")])
    }

    @Test func `an append before one that was answered already is found`() {
        let operations = [append("a", at: 1, 1, 2), append("b", at: 0, 3, 4)]
        #expect(anomalies(operations, "ba") == [.reordered("b")])
    }

    @Test func `an entry that nobody asked for is found`() {
        #expect(anomalies([append("a", at: 0, 1, 2)], "ax") == [.unasked("x")])
    }

    @Test func `a read of another beginning is found`() {
        let operations = [append("a", at: 0, 1, 10), append("b", at: 1, 2, 11, by: 3), read("b", 3, 4)]
        #expect(anomalies(operations, "ab") == [.forked(key: "k", asked: 3)])
        #expect(anomalies([append("a", at: 0, 1, 10), read("aa", 3, 4)], "a").contains(.forked(key: "k", asked: 3)))
    }

    @Test func `a read that misses what was acknowledged is found`() {
        #expect(anomalies([append("a", at: 0, 1, 2), read("", 3, 4)], "a") == [.stale(key: "k", asked: 3)])
        #expect(anomalies([append("a", at: 0, 1, 4), read("", 3, 5)], "a") == [], "at once is no order")
    }

    @Test func `a read that misses what another read saw is found`() {
        let operations = [append("a", at: 0, 1, 9), read("a", 2, 3), read("", 4, 5, by: 3)]
        #expect(anomalies(operations, "a") == [.stale(key: "k", asked: 4)])
    }

    @Test func `a client that goes back is found`() {
        let operations = [append("a", at: 0, 1, 9), read("a", 2, 3), read("", 4, 5)]
        #expect(anomalies(operations, "a") == [.backwards(client: 2, key: "k", asked: 4)])
        let own = [append("a", at: 0, 1, 2), read("", 3, 4, by: 1)]
        #expect(anomalies(own, "a") == [.backwards(client: 1, key: "k", asked: 3)])
    }

    @Test func `a read of what was asked for later is found`() {
        #expect(anomalies([read("a", 1, 2), append("a", at: 0, 3, 4)], "a").contains(.foreseen("a")))
    }

    @Test func `keys are apart`() {
        let other = Operation(client: 2, key: "other", asked: 3, answered: 4, action: .read([]))
        #expect(anomalies([append("a", at: 0, 1, 2), other], "a") == [])
    }

    /// Every history that a real list gives is in order; after one planted change it is not.
    @Test(arguments: 1...20) func `a list in memory is in order, and one changed read is not`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var (list, operations): ([String], [ListAppend.Operation]) = ([], [])
        for step in 0..<200 {
            let client = Int.random(in: 0..<4, using: &random)
            if Bool.random(using: &random) {
                operations.append(
                    Operation(
                        client: client,
                        key: "k",
                        asked: 2 * step,
                        answered: 2 * step + 1,
                        action: .append("\(step)", position: list.count)
                    )
                )
                list.append("\(step)")
            } else {
                let action = ListAppend.Action.read(list)
                operations.append(
                    Operation(client: client, key: "k", asked: 2 * step, answered: 2 * step + 1, action: action)
                )
            }
        }
        #expect(ListAppend.anomalies(in: operations, lists: ["k": list]) == [])
        let reads = operations.indices.filter {
            if case .read(let seen) = operations[$0].action { !seen.isEmpty } else { false }
        }
        guard let index = reads.randomElement(using: &random), case .read(var seen) = operations[index].action else {
            return
        }
        seen.remove(at: Int.random(in: 0..<seen.count, using: &random))
        let old = operations[index]
        operations[index] = Operation(
            client: old.client,
            key: old.key,
            asked: old.asked,
            answered: old.answered,
            action: .read(seen)
        )
        #expect(!ListAppend.anomalies(in: operations, lists: ["k": list]).isEmpty)
    }
}
