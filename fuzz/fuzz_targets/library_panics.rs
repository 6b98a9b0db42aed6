//! What a fuzzer is told of panics.

/// A panic inside a library stops the fuzzer only where the product does not turn it into an error:
/// the hook that stops at every panic sees those of our own code alone.
pub(crate) fn are_for_the_product() {
    let stop = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let in_library = panic.location().is_some_and(|at| at.file().contains("/registry/src/"));
        if !in_library {
            stop(panic);
        }
    }));
}
