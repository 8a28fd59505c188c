/// A queue whose both ends are cheap.
struct FirstInFirstOut<Element> {
    private var elements: [Element] = []
    private var head = 0

    var count: Int { elements.count - head }

    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[head]
        advance(by: 1)
        return element
    }

    mutating func popFirst(upTo limit: Int) -> [Element] {
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
