import { registerHooks } from 'node:module';

// The benchmarks run from their sources, and those name each other as they are called once they are compiled.
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!/^\..*\.js$/.test(specifier)) throw error;
      return next(specifier.replace(/js$/, 'ts'), context);
    }
  },
});
