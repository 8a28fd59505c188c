/// Runs pieces of work one after the other. Whoever asks gets a run that begins after he asked; all who ask before it
/// begins share the one of the first.
package actor Turns {
    private var next: Task<Void, Never>?
    private var last: Task<Void, Never>?

    package init() {}

    package func run(_ work: @escaping @Sendable () async -> Void) async {
        if let next { return await next.value }
        let previous = last
        // No part of the caller's task: whoever goes away must not end what others wait for.
        let task = Task {
            await previous?.value
            begin()
            await work()
        }
        next = task
        last = task
        await task.value
    }

    private func begin() {
        next = nil
    }
}
