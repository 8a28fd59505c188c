/// A queue whose both ends are cheap.
package struct FirstInFirstOut<Element> {
    private var elements: [Element] = []
    private var head = 0

    package init() {}

    package var count: Int { elements.count - head }

    package var isEmpty: Bool { count == 0 }

    package mutating func append(_ element: Element) {
        elements.append(element)
    }

    package mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[head]
        advance(by: 1)
        return element
    }

    package mutating func popFirst(upTo limit: Int) -> [Element] {
        let taken = Array(elements[head...].prefix(limit))
        advance(by: taken.count)
        return taken
    }

    /// Lets go of what was taken once it is half of the array, so that each element moves once at the most.
    private mutating func advance(by count: Int) {
        head += count
        guard head * 2 >= elements.count else { return }
        elements.removeFirst(head)
        head = 0
    }
}
